import type { TransferTasks } from "../main/areas/transfer/tasks.ts";
import type { Pool } from "../main/station/pool/pool.ts";

/** Gives every thread of the pool something small to do, as a station that is open has done before. */
export async function warm(pool: Pool<TransferTasks>, file: string): Promise<void> {
  const task = { path: file, direct: false, limitBytes: 1 };
  await Promise.all(Array.from({ length: pool.threads }, () => pool.run("read-file", task)));
}
