// Opens what work-seal.ts wrote back to verified lines: hash, age, zstd, hash, every line checked.
// Prints {"seconds", "maxRssMiB", "lines"}; the time without the start of Node and of the threads.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openAhead } from "../main/areas/transfer/open-ahead.ts";
import { releaseRecords } from "../main/areas/transfer/open-records.ts";
import type { TransferTasks } from "../main/areas/transfer/tasks.ts";
import { createPool } from "../main/station/pool/pool.ts";
import { warm } from "./warm.ts";

interface Part {
  readonly position: number;
  readonly plain: { readonly bytes: number; readonly sha256: string; readonly records: number };
  readonly cipher: { readonly bytes: number; readonly sha256: string };
}

const [folder = "", identityFile = ""] = process.argv.slice(2);
const identity = readFileSync(identityFile, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("AGE-SECRET-KEY-1"));
const parts = JSON.parse(readFileSync(join(folder, "parts.json"), "utf8")) as Part[];

const pool = createPool<TransferTasks>(new URL("../dist/workers/areas-transfer-worker.js", import.meta.url));
await warm(pool, identityFile);
const begun = performance.now();
let lines = 0;
const opened = openAhead(
  parts,
  (part) => part.cipher.bytes + part.plain.bytes,
  (part) =>
    pool.run("open-records", {
      path: join(folder, `part-${part.position}`),
      cipher: part.cipher,
      plain: part.plain,
      records: part.plain.records,
      identities: identity,
      signers: [],
    }),
);
for await (const { item, result } of opened) {
  if (result.bad.length > 0)
    throw new Error(`part ${item.position} has a bad line: ${result.bad[0]?.reason}`);
  lines += item.plain.records;
  releaseRecords(result);
}
const seconds = (performance.now() - begun) / 1000;
await pool.close();
process.stdout.write(JSON.stringify({ seconds, maxRssMiB: process.resourceUsage().maxRSS / 1024, lines }));
