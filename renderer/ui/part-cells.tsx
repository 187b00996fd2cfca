import styles from "./part-cells.module.css";

export type PartLook = "waiting" | "half" | "synced" | "proved" | "missing";

/** More cells than this are drawn as one bar of the same meaning. */
const cellLimit = 96;

/** One cell a part: outline waiting, filled synced, green read back, dashed missing. */
export function PartCells({ parts, label }: { parts: readonly PartLook[]; label: string }) {
  const shown = parts.length <= cellLimit ? parts : squeeze(parts, cellLimit);
  return (
    <figure className={styles["cells"]} aria-label={label}>
      {shown.map((look, place) => (
        <i key={place} className={styles[look]} />
      ))}
    </figure>
  );
}

const worst: readonly PartLook[] = ["missing", "waiting", "half", "synced", "proved"];

/** Groups parts evenly; a group shows the least good of its parts, so that nothing bad is averaged away. */
export function squeeze(parts: readonly PartLook[], into: number): PartLook[] {
  return Array.from({ length: into }, (_, group) => {
    const from = Math.floor((group * parts.length) / into);
    const to = Math.max(from + 1, Math.floor(((group + 1) * parts.length) / into));
    const looks = parts.slice(from, to);
    return worst.find((look) => looks.includes(look)) ?? "waiting";
  });
}
