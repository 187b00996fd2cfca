import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { broken, type Tally } from "../test/tally.ts";
import { fromPages, fromProcesses, type LinesByFile } from "./collect.ts";

const rooms = ["main", "shared", "renderer"];
/** Each room must have more of its lines run than this. */
const leastPercent = 80;

/** The part of istanbul's coverage-final.json that lines come from. */
interface FileCoverage {
  readonly path: string;
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

/**
 * Puts together what ran inside vitest, in processes and worker threads that tests started, and in the browser, and holds
 * each room to its floor. A line counts when a statement begins on it.
 */
export function coverageStage(root: string): Tally {
  const finalFile = join(root, "coverage/coverage-final.json");
  if (!existsSync(finalFile)) {
    console.error("There is no coverage report: run the vitest stage first.");
    return broken;
  }
  const isWanted = (file: string): boolean => rooms.includes(relative(root, file).split(sep)[0] ?? "");
  const elsewhere: LinesByFile = new Map();
  fromProcesses(join(root, "coverage/processes"), elsewhere, isWanted);
  fromPages(
    join(root, "coverage/pages"),
    { assets: join(root, "dist/renderer/assets"), maps: join(root, "dist/maps") },
    elsewhere,
    isWanted,
  );

  const files = Object.values(JSON.parse(readFileSync(finalFile, "utf8")) as Record<string, FileCoverage>);
  const results = rooms.map((room) => {
    const own = files.filter(({ path }) => relative(root, path).startsWith(room + sep));
    return { room, ...percentOf(own, elsewhere, root) };
  });
  for (const { room, lines, ran, percent, worst } of results) {
    console.log(
      `${room.padEnd(9)} ${percent.toFixed(1).padStart(5)} % of ${lines} lines (${ran}); least: ${worst}`,
    );
  }
  const failed = results.filter(({ percent }) => percent <= leastPercent).length;
  return { passed: rooms.length - failed, failed, skipped: 0 };
}

function percentOf(
  files: readonly FileCoverage[],
  elsewhere: LinesByFile,
  root: string,
): { readonly lines: number; readonly ran: number; readonly percent: number; readonly worst: string } {
  const counted = files.map((file) => {
    const all = new Set<number>();
    const ran = new Set<number>();
    for (const [id, { start }] of Object.entries(file.statementMap)) {
      all.add(start.line);
      if ((file.s[id] ?? 0) > 0 || elsewhere.get(file.path)?.has(start.line)) ran.add(start.line);
    }
    return { path: relative(root, file.path), missed: all.size - ran.size, lines: all.size, ran: ran.size };
  });
  const lines = counted.reduce((sum, file) => sum + file.lines, 0);
  const ran = counted.reduce((sum, file) => sum + file.ran, 0);
  const worst = counted
    .toSorted((one, other) => other.missed - one.missed)
    .slice(0, 3)
    .map(({ path, missed }) => `${path} ${missed}`)
    .join(", ");
  return { lines, ran, percent: lines === 0 ? 100 : (100 * ran) / lines, worst };
}
