import { useMemo } from "react";
import { en } from "../../../shared/strings/en.ts";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Status } from "../../ui/status.tsx";
import type { Column } from "../../ui/table.tsx";
import { Time, ZoneName } from "../../ui/time.tsx";
import styles from "./event-columns.module.css";

const text = en.audit;

export interface AuditEvent {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: "done" | "refused" | "failed";
}

/** The columns of a list of events, here and on Watch. `compact` leaves room for a detail: the clock alone. */
export function useEventColumns(compact: boolean): readonly Column<AuditEvent>[] {
  return useMemo(
    () => [
      {
        id: "event",
        head: text.columns.event,
        width: 64,
        figures: true,
        strong: true,
        always: true,
        cell: (event) => formatCount(event.sequence),
      },
      {
        id: "when",
        head: (
          <>
            {text.columns.when}, <ZoneName />
          </>
        ),
        name: text.columns.when,
        width: compact ? 96 : 172,
        cell: (event) => <Time at={event.at} zone={false} {...(compact ? { show: "clock" as const } : {})} />,
      },
      {
        id: "outcome",
        head: text.columns.outcome,
        width: 92,
        cell: (event) => <Outcome outcome={event.outcome} />,
      },
      {
        id: "action",
        head: text.columns.action,
        width: 216,
        cell: (event) => <Action name={event.action} />,
        copy: (event) => event.action,
      },
      {
        id: "object",
        head: text.columns.object,
        strong: true,
        cell: (event) => (
          <span className="fact" title={event.object}>
            <OutsideText text={event.object} />
          </span>
        ),
        copy: (event) => event.object,
      },
      {
        id: "actor",
        head: text.columns.actor,
        width: 108,
        cell: (event) => <OutsideText text={event.actor} />,
      },
    ],
    [compact],
  );
}

/** Finished is grey and says done; a quiet list stays grey. */
export function Outcome({ outcome }: { outcome: AuditEvent["outcome"] }) {
  return <Status kind={outcome === "done" ? "done" : "failed"}>{text.outcomes[outcome]}</Status>;
}

/** The last word of an action is what happened; the path before it is dimmed. */
function Action({ name }: { name: string }) {
  const at = name.lastIndexOf(".") + 1;
  return (
    <span className={`fact ${styles["action"]}`} title={name}>
      <span>{name.slice(0, at)}</span>
      {name.slice(at)}
    </span>
  );
}
