import type { ReactNode } from "react";
import { Link } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { formatCount } from "./format.ts";
import { Glyph } from "./glyph.tsx";
import { Keys } from "./keys.tsx";
import { Mark, type OpenDoor } from "./mark.tsx";
import styles from "./rail.module.css";

export interface RailPage {
  readonly path: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly key: string;
  readonly count?: number | undefined;
  readonly tone?: "calm" | "warn" | "bad" | undefined;
}

interface RailProps {
  /** Which station this is, and the way to others. */
  readonly station: ReactNode;
  readonly open: OpenDoor;
  readonly pages: readonly RailPage[];
  readonly current: string;
  readonly onPalette: () => void;
  readonly onKeys: () => void;
}

/** The pages, the live mark, and the two keys that open everything else. */
export function Rail({ station, open, pages, current, onPalette, onKeys }: RailProps) {
  return (
    <nav className={styles["rail"]} aria-label={en.ui.rail.pages}>
      <div className={styles["head"]}>
        <Mark open={open} />
        <b>{en.product}</b>
      </div>
      {station}
      <div className={styles["pages"]}>
        {pages.map((page) => (
          <Link
            key={page.path}
            href={page.path}
            title={`${page.label}, ${en.keys.control} ${page.key}`}
            aria-current={page.path === current ? "page" : undefined}
          >
            {page.icon}
            <span className={styles["label"]}>{page.label}</span>
            <RailCount page={page} />
          </Link>
        ))}
      </div>
      <div className={styles["foot"]}>
        <button type="button" onClick={onPalette}>
          <Keys keys={[en.keys.control, "K"]} /> {en.ui.rail.actions}
        </button>
        <button type="button" onClick={onKeys}>
          <Keys keys={["?"]} /> {en.ui.rail.keys}
        </button>
      </div>
    </nav>
  );
}

function RailCount({ page }: { page: RailPage }) {
  if (page.count === undefined || page.count === 0) return null;
  const tone = page.tone ?? "calm";
  return (
    <span className={`${styles["count"]} ${styles[tone]}`}>
      {tone === "calm" ? null : <Glyph shape={tone === "bad" ? "failed" : "warn"} size={11} />}
      {formatCount(page.count)}
    </span>
  );
}
