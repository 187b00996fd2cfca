import { Link } from "wouter";
import styles from "./tabs.module.css";

export interface Tab {
  readonly path: string;
  readonly label: string;
  readonly count?: number | undefined;
}

/** A page's tabs: links, so that back, forward and a bookmark work. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) {
  return (
    <nav className={styles["tabs"]} aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.path} href={tab.path} aria-current={tab.path === current ? "page" : undefined}>
          {tab.label}
          {tab.count === undefined || tab.count === 0 ? null : <span className="dim small">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
