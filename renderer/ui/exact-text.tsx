import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { OutsideText } from "./outside-text.tsx";
import styles from "./exact-text.module.css";

const rowPixels = 18;
/** JetBrains Mono at 12 px: every letter is 0.6 of its size wide. */
const letterPixels = 7.2;
/** The line numbers, the scroll bar and a little air. */
const marginPixels = 60;
/** Before the width is known. A longer line is broken into rows, so that one line of 1 MiB stays a list. */
const usualCharactersPerRow = 64;

interface Row {
  readonly key: string;
  readonly number: number | null;
  readonly text: string;
}

/** Splits a text into rows of bounded length; only the first row of a line carries its number. */
export function rowsOf(text: string, charactersPerRow: number): Row[] {
  const rows: Row[] = [];
  text.split("\n").forEach((line, index) => {
    const letters = line.length <= charactersPerRow ? [line] : pieces(line, charactersPerRow);
    letters.forEach((piece, part) =>
      rows.push({ key: `${index}.${part}`, number: part === 0 ? index + 1 : null, text: piece }),
    );
  });
  return rows;
}

/** Cuts between code points, never inside one. */
function pieces(line: string, charactersPerRow: number): string[] {
  const letters = Array.from(line);
  const cut: string[] = [];
  for (let from = 0; from < letters.length; from += charactersPerRow) {
    cut.push(letters.slice(from, from + charactersPerRow).join(""));
  }
  return cut;
}

/** How many letters fit beside the numbers, kept true while the pane changes its width. */
function useLettersPerRow(element: RefObject<HTMLElement | null>): number {
  const [letters, setLetters] = useState(usualCharactersPerRow);
  useEffect(() => {
    const pane = element.current;
    if (pane === null) return undefined;
    const watch = new ResizeObserver(() =>
      setLetters(Math.max(20, Math.floor((pane.clientWidth - marginPixels) / letterPixels))),
    );
    watch.observe(pane);
    return () => watch.disconnect();
  }, [element]);
  return letters;
}

/** The exact text of a body with line numbers, only the rows in sight drawn. */
export function ExactText({ text, label, height = 324 }: { text: string; label: string; height?: number }) {
  const scroller = useRef<HTMLElement>(null);
  const perRow = useLettersPerRow(scroller);
  const rows = useMemo(() => rowsOf(text, perRow), [text, perRow]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 12,
    initialRect: { width: 500, height },
  });
  const tall = rows.length * rowPixels;
  return (
    <section
      ref={scroller}
      className={styles["exact"]}
      style={{ height: Math.min(height, tall + 8) }}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div className={styles["sheet"]} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div key={row.key} className={styles["row"]} style={{ transform: `translateY(${item.start}px)` }}>
              <span className={styles["number"]} aria-hidden="true">
                {row.number}
              </span>
              <OutsideText text={row.text} keep={"\t"} />
            </div>
          );
        })}
      </div>
    </section>
  );
}
