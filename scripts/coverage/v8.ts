/** V8's own coverage, as NODE_V8_COVERAGE and Playwright's `page.coverage` write it. */
export interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/** For each character of a script of `length` characters, 1 where it ran. Ranges nest, and the innermost decides. */
export function charactersRun(length: number, { functions }: ScriptCoverage): Uint8Array {
  const ran = new Uint8Array(length);
  const outerFirst = functions
    .flatMap(({ ranges }) => ranges)
    .toSorted((one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset);
  for (const { startOffset, endOffset, count } of outerFirst)
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return ran;
}

/** Line numbers, from 1, whose first visible character ran. */
export function linesRun(text: string, script: ScriptCoverage): Set<number> {
  const ran = charactersRun(text.length, script);
  const lines = new Set<number>();
  let start = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (ran[start + line.search(/\S|$/)] === 1) lines.add(index + 1);
    start += line.length + 1;
  }
  return lines;
}
