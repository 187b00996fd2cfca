import { serveTasks } from "../../station/pool/serve-tasks.ts";
import { proveTask } from "./prove.ts";
import { openTask, sealTask, type BackupTasks } from "./tasks.ts";

// The entry of a pool thread: nothing but the table of what it can do.
serveTasks<BackupTasks>({ seal: sealTask, open: openTask, prove: proveTask });
