// A thread that seals slices of a file as the station's threads seal slices of its database: read into memory of its
// own, then the product's own task.
import { closeSync, openSync, readSync } from "node:fs";
import { sealPlainTask, type SealedPart } from "../main/areas/transfer/seal-part.ts";
import { serveTasks } from "../main/station/pool/serve-tasks.ts";

interface SealSlice {
  readonly source: string;
  readonly at: number;
  readonly bytes: number;
  readonly recipient: string;
  readonly path: string;
}

export interface SealTasks {
  readonly "seal-slice": { payload: SealSlice; result: SealedPart };
  readonly warm: { payload: null; result: null };
}

let memory = Buffer.alloc(0);

serveTasks<SealTasks>({
  "seal-slice": ({ source, at, bytes, recipient, path }) => {
    if (memory.byteLength < bytes) memory = Buffer.allocUnsafeSlow(bytes);
    const file = openSync(source, "r");
    readSync(file, memory, 0, bytes, at);
    closeSync(file);
    return sealPlainTask({ plain: memory.subarray(0, bytes), recipient, path });
  },
  warm: () => null,
});
