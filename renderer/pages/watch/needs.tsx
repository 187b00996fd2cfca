import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { formatCount, formatDuration } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { useNow } from "../../ui/time.tsx";
import styles from "./needs.module.css";

const text = en.watch;

export interface Need {
  readonly kind: keyof typeof text.kinds;
  readonly title: string;
  readonly detail: string;
  readonly since: string | null;
  readonly path: string;
  readonly severity: "warn" | "bad";
}

const shapes: Record<Need["kind"], StatusKind> = {
  medium: "waiting",
  missing: "missing",
  quarantine: "quarantined",
  fork: "failed",
  "missing-receipt": "missing",
  log: "failed",
  lineage: "held",
  "peer-log": "failed",
  "pending-peer": "held",
  approval: "two",
  invitation: "held",
  recovery: "failed",
  drill: "two",
  signoff: "two",
  keys: "warn",
  unanswered: "waiting",
  unsealed: "waiting",
  unsettled: "warn",
  disk: "warn",
  restore: "held",
  backup: "warn",
};

/** What waits for a person, the worst first; each row leads to the place that settles it. */
export function Needs({ needs }: { needs: readonly Need[] }) {
  const [, navigate] = useLocation();
  const now = useNow(30_000);
  return (
    <Section
      title={text.needs}
      caption={needs.length === 0 ? text.needsNone : text.needsCaption(formatCount(needs.length))}
    >
      <ul className={styles["needs"]}>
        {needs.map((need, place) => (
          <li key={`${need.kind} ${need.title}`}>
            <span className={styles["kind"]}>
              <Status kind={shapes[need.kind]}>{text.kinds[need.kind]}</Status>
            </span>
            <span className={styles["what"]}>
              <b>
                <OutsideText text={need.title} />
              </b>
              <span title={need.detail}>
                <OutsideText text={need.detail} />
              </span>
            </span>
            <span className={styles["age"]}>
              {need.since === null ? "" : formatDuration((now - Date.parse(need.since)) / 1000)}
            </span>
            <Button small look={place === 0 ? "primary" : "normal"} onClick={() => navigate(need.path)}>
              {text.look}
              <span className="hidden-text">: {need.title}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
