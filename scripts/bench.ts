// `npm run bench`, `npm run bench -- seal`: measures against peers in the same run and prints one table. A run of
// everything also writes docs/performance.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchAuditAppend } from "../bench/audit-append.ts";
import { benchAuditRead } from "../bench/audit-read.ts";
import { benchChanges } from "../bench/changes.ts";
import { benchCrossing } from "../bench/crossing.ts";
import type { Figure } from "../bench/figure.ts";
import { benchFounding } from "../bench/founding.ts";
import { benchSealAndOpen } from "../bench/seal-open.ts";
import { growthLines, markdownTable } from "../bench/table.ts";

const names = ["seal", "open", "crossing", "audit", "audit-read", "changes", "founding"] as const;
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const unknown = asked.find((name) => !(names as readonly string[]).includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench ${unknown}. There are: ${names.join(", ")}.\n`);
  process.exit(2);
}
const wanted = asked.length === 0 ? [...names] : asked;

// On the disk, not in memory: /tmp is a file system in memory on many machines.
const scratch = mkdtempSync(join(process.env["SALLYPORT_BENCH_DIR"] ?? tmpdir(), "sallyport-bench-"));
const figures: Figure[] = [];
try {
  if (wanted.includes("seal") || wanted.includes("open"))
    figures.push(...(await benchSealAndOpen(scratch, wanted)));
  if (wanted.includes("crossing")) figures.push(...(await benchCrossing(scratch)));
  if (wanted.includes("audit")) figures.push(...(await benchAuditAppend(scratch)));
  if (wanted.includes("audit-read")) figures.push(...(await benchAuditRead(scratch)));
  if (wanted.includes("changes")) figures.push(...(await benchChanges(scratch)));
  if (wanted.includes("founding")) figures.push(...(await benchFounding(scratch)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const table = markdownTable(figures);
const growth = growthLines(figures);
process.stdout.write(`${table}\n\n${growth}\n`);
if (asked.length === 0) writePage(table, growth);

function writePage(measured: string, straight: string): void {
  const page = new URL("../docs/performance.md", import.meta.url);
  const [head = ""] = readFileSync(page, "utf8").split("<!-- measured -->");
  const processor = cpus()[0]?.model ?? "unknown processor";
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const machine = `${processor}, ${cpus().length} cores, ${memory} GiB, Linux ${release()} ${arch()}, Node ${process.version}`;
  const when = new Date().toISOString().slice(0, 10);
  writeFileSync(
    page,
    `${head}<!-- measured -->\n\nMeasured ${when} by \`npm run bench\` on: ${machine}.\n\n${measured}\n\n${straight}\n`,
  );
}
