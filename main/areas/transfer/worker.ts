import { serveTasks } from "../../station/pool/serve-tasks.ts";
import { openRecordsTask } from "./open-records.ts";
import { readFileTask } from "./read-file.ts";
import { sealPlainTask, sealRecordsTask } from "./seal-part.ts";
import type { TransferTasks } from "./tasks.ts";

// The entry of a pool thread: nothing but the table of what it can do.
serveTasks<TransferTasks>({
  "seal-plain": sealPlainTask,
  "seal-records": sealRecordsTask,
  "open-records": openRecordsTask,
  "read-file": readFileTask,
});
