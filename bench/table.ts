import { median, medianRatio, type Figure } from "./figure.ts";

const number = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);

/** One Markdown table: ours, the peer's in the same run, the median ratio, the reference, the goal. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const ours = `${number(median(figure.ours))} ${figure.unit}`;
    const theirs = figure.theirs.length === 0 ? "—" : `${number(median(figure.theirs))}`;
    const ratio = figure.theirs.length === 0 ? "—" : `${medianRatio(figure).toFixed(2)}`;
    const { reference } = figure;
    const physical =
      reference === undefined
        ? "—"
        : `${number(reference.value)} (${reference.what}); ours is ${((100 * median(figure.ours)) / reference.value).toFixed(0)} %`;
    const cells = [
      figure.bench,
      figure.work,
      ours,
      figure.peer,
      theirs,
      ratio,
      physical,
      figure.goal,
      figure.note,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| bench | work | ours (median) | peer | peer's | ratio | reference | goal | note |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Cost per unit of the larger size over the smaller, by bench: a straight line is 1. */
export function growthLines(figures: readonly Figure[]): string {
  const lines: string[] = [];
  const seen = new Map<string, Figure>();
  for (const figure of figures) {
    const key = `${figure.bench}${figure.work.replaceAll(/[\d.,]+ ?(MiB|events|requests|lines)?/g, "")}`;
    const small = seen.get(key);
    if (small === undefined) seen.set(key, figure);
    else {
      const cost = median(small.ours) / median(figure.ours);
      lines.push(
        `- ${figure.bench}, ${figure.work}: cost per unit ${cost.toFixed(2)} times that of a tenth of the size`,
      );
    }
  }
  return lines.join("\n");
}
