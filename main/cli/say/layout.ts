import { visible } from "../visible.ts";

/** Rows under a head, in columns; every cell is shown as text and nothing in it acts. */
export function columns(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(cell === null ? "-" : String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Names and what they stand for, one a line. */
export function facts(pairs: readonly (readonly [string, string | number | null])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(
    ([name, value]) => `${name.padEnd(width)}  ${visible(value === null ? "-" : String(value))}`,
  );
}

/** "1 record", "2 records". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Bytes in units of 1,024, for people. */
export function size(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? plural(bytes, "byte") : `${value.toFixed(1)} ${units[unit]}`;
}

/** What to add when a list goes on. */
export function more(next: string | null): string[] {
  return next === null ? [] : ["", `There is more: add --after ${visible(next)}`];
}
