import type { OpenedRecords, OpenRecordsTask } from "./open-records.ts";
import type { FileRead, ReadFileTask } from "./read-file.ts";
import type { SealedPart, SealPlainTask, SealRecordsTask } from "./seal-part.ts";

/** What the pool of this area does: worker.ts answers, and `Pool<TransferTasks>` asks. */
export interface TransferTasks {
  readonly "seal-plain": { payload: SealPlainTask; result: SealedPart };
  readonly "seal-records": { payload: SealRecordsTask; result: SealedPart };
  readonly "open-records": { payload: OpenRecordsTask; result: OpenedRecords };
  readonly "read-file": { payload: ReadFileTask; result: FileRead };
}
