import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mappings, type SourceMap } from "./source-map.ts";
import { charactersRun, linesRun, type ScriptCoverage } from "./v8.ts";

/** Lines that ran, by absolute path. */
export type LinesByFile = Map<string, Set<number>>;

/**
 * Lines run by processes and worker threads of the sources themselves, from NODE_V8_COVERAGE folders. Type stripping
 * replaces types by blanks, so V8's offsets are those of the file on disk.
 */
export function fromProcesses(folder: string, into: LinesByFile, isWanted: (file: string) => boolean): void {
  for (const name of globSync("**/coverage-*.json", { cwd: folder })) {
    for (const script of readScripts(join(folder, name))) {
      if (!script.url.startsWith("file://")) continue;
      const file = fileURLToPath(script.url);
      if (isWanted(file) && existsSync(file))
        addLines(into, file, linesRun(readFileSync(file, "utf8"), script));
    }
  }
}

/** Lines run in a browser, from Playwright's page coverage of the built renderer, through its source maps in `maps`. */
export function fromPages(
  folder: string,
  { assets, maps }: { readonly assets: string; readonly maps: string },
  into: LinesByFile,
  isWanted: (file: string) => boolean,
): void {
  for (const file of globSync("*.json", { cwd: folder })) {
    for (const script of readScripts(join(folder, file))) {
      const name = new URL(script.url).pathname.split("/").at(-1) ?? "";
      const mapFile = join(maps, `${name}.map`);
      if (existsSync(mapFile)) addMapped(join(assets, name), mapFile, script, into, isWanted);
    }
  }
}

function addMapped(
  bundle: string,
  mapFile: string,
  script: ScriptCoverage,
  into: LinesByFile,
  isWanted: (file: string) => boolean,
): void {
  const text = readFileSync(bundle, "utf8");
  const ran = charactersRun(text.length, script);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const map = JSON.parse(readFileSync(mapFile, "utf8")) as SourceMap;
  const files = map.sources.map((source) => resolve(dirname(bundle), source));
  for (const { generatedLine, generatedColumn, source, sourceLine } of mappings(map)) {
    const offset = (lineStarts[generatedLine - 1] ?? 0) + generatedColumn;
    const file = files[source];
    if (file !== undefined && ran[offset] === 1 && isWanted(file)) addLines(into, file, [sourceLine]);
  }
}

/** A process that was killed may leave half a file: that one counts for nothing. */
function readScripts(file: string): readonly ScriptCoverage[] {
  try {
    const { result } = JSON.parse(readFileSync(file, "utf8")) as { result: readonly ScriptCoverage[] };
    return result;
  } catch {
    return [];
  }
}

function addLines(into: LinesByFile, file: string, lines: Iterable<number>): void {
  const known = into.get(file) ?? new Set();
  for (const line of lines) known.add(line);
  into.set(file, known);
}
