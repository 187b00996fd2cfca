import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "./button.tsx";
import styles from "./pager.module.css";

/** Where a keyset list stands: the cursors of the pages before, and the present one. */
export interface Keyset {
  readonly after: string | undefined;
  readonly page: number;
  readonly older: (next: string) => void;
  readonly newer: () => void;
  readonly first: () => void;
}

/** Keeps the trail of cursors, so that a list pages both ways without counting rows. */
export function useKeyset(): Keyset {
  const [trail, setTrail] = useState<readonly string[]>([]);
  return {
    after: trail.at(-1),
    page: trail.length,
    older: (next) => setTrail([...trail, next]),
    newer: () => setTrail(trail.slice(0, -1)),
    first: () => setTrail([]),
  };
}

interface PagerProps {
  readonly keyset: Keyset;
  readonly next: string | null | undefined;
  readonly shown: string;
  readonly children?: ReactNode;
}

/** Newer and Older, what is shown, and at the left what can be done with the selection. */
export function Pager({ keyset, next, shown, children }: PagerProps) {
  return (
    <div className={styles["pager"]}>
      {children}
      <span className={styles["shown"]}>{shown}</span>
      <Button
        small
        icon={<ChevronLeft />}
        notYet={keyset.page === 0 ? en.ui.table.newest : undefined}
        onClick={keyset.newer}
      >
        {en.ui.table.newer}
      </Button>
      <Button
        small
        notYet={next === null || next === undefined ? en.ui.table.oldest : undefined}
        onClick={() => {
          if (typeof next === "string") keyset.older(next);
        }}
      >
        {en.ui.table.older}
        <ChevronRight />
      </Button>
    </div>
  );
}
