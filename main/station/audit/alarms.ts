import { Refusal } from "../../../shared/errors.ts";
import type { Store } from "../store/store.ts";

/**
 * What an alarm is about. `head-missing` and `head-unreadable`: the head file is gone or makes no sense. `log-shorter`: the
 * log had been longer (its end was cut, or an older copy put back). `log-other`: it has another history than it had.
 * `tree-broken`: its rows and its tree don't agree with its head. `paper-differs`: a printed checkpoint says something else.
 */
export type AlarmKind =
  | "head-missing"
  | "head-unreadable"
  | "log-shorter"
  | "log-other"
  | "tree-broken"
  | "paper-differs";

export interface Alarm {
  readonly id: number;
  readonly kind: AlarmKind;
  /** What was found, for an operator. */
  readonly sentence: string;
  /** Found and expected, as facts. */
  readonly evidence: Readonly<Record<string, string | number | null>>;
  readonly raisedAt: string;
}

export interface AuditAlarms {
  /** Alarms that no person has settled, oldest first. */
  open(): Alarm[];
  /** Keeps an alarm. Runs inside the transaction of its event. */
  raise(alarm: Omit<Alarm, "id">): void;
  /** Settles one. False when it is not open. Runs inside the transaction of its event. */
  settle(id: number, at: string, by: string, note: string): boolean;
  /** Throws `not-ready` while one is open: nothing may change until a person has looked. */
  expectNone(): void;
}

export function auditAlarms(store: Store): AuditAlarms {
  const open = store.prepare(
    "SELECT id, kind, sentence, evidence, raised_at FROM audit_alarm WHERE settled_at IS NULL ORDER BY id",
  );
  const raise = store.prepare(
    "INSERT INTO audit_alarm (kind, sentence, evidence, raised_at) VALUES (?, ?, ?, ?)",
  );
  const settle = store.prepare(
    "UPDATE audit_alarm SET settled_at = ?, settled_by = ?, note = ? WHERE id = ? AND settled_at IS NULL",
  );
  const read = (): Alarm[] =>
    (
      open.all() as { id: number; kind: AlarmKind; sentence: string; evidence: string; raised_at: string }[]
    ).map((row) => ({
      id: row.id,
      kind: row.kind,
      sentence: row.sentence,
      evidence: JSON.parse(row.evidence) as Alarm["evidence"],
      raisedAt: row.raised_at,
    }));
  return {
    open: read,
    raise: (alarm) =>
      void raise.run(alarm.kind, alarm.sentence, JSON.stringify(alarm.evidence), alarm.raisedAt),
    settle: (id, at, by, note) => settle.run(at, by, note, id).changes === 1,
    expectNone() {
      const [first] = read();
      if (first === undefined) return;
      throw new Refusal("not-ready", `The audit log raised an alarm: ${first.sentence}`, {
        safe: "Nothing was changed. The station shows what it holds and changes nothing until the alarm is settled.",
        remedy: "Look at Audit, compare with the peer or a printed checkpoint, then settle the alarm there.",
      });
    },
  };
}
