// `npm run demo`: the first crossing alone. Exit code 0 only if every step held. `-- --folder DIR` keeps the pair in an
// empty or new folder; otherwise it goes when the demo ends.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeDemo } from "./demo/crossing.ts";

const { values } = parseArgs({ options: { folder: { type: "string" } } });
const folder = values.folder ?? mkdtempSync(join(tmpdir(), "sallyport-demo-"));
const started = performance.now();
try {
  await makeDemo(folder, (line) => console.log(line));
  console.log(`The crossing held, in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
} catch (error) {
  console.error(`The crossing did not hold: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  else console.log(`The pair stays in ${folder}.`);
}
