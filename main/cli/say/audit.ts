import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { visible } from "../visible.ts";
import { columns, facts, more, plural, size } from "./layout.ts";

export const auditCommands: AreaCommands<typeof contract.audit> = {
  list: {
    say: ({ events, next }) => [
      ...columns(
        ["number", "at", "who", "what", "to what", "outcome"],
        events.map((event) => [
          event.sequence,
          event.at,
          event.actor,
          event.action,
          event.object,
          event.outcome,
        ]),
      ),
      ...more(next),
    ],
  },
  show: {
    say: (event) => [
      ...facts([
        ["number", event.sequence],
        ["at", event.at],
        ["who", event.actor],
        ["what", event.action],
        ["to what", event.object],
        ["outcome", event.outcome],
        ["leaf hash", event.leafHash],
      ]),
      visible(event.leaf),
    ],
  },
  verify: {
    say: (result) => [
      result.ok
        ? `The log is whole: ${plural(result.events, "event")}, every byte recomputed.`
        : `The log is broken: the first bad event is number ${result.firstBad ?? "unknown"}.`,
      `Root ${result.root}`,
    ],
    failed: (result) => !result.ok,
  },
};

export const watchCommands: AreaCommands<typeof contract.watch> = {
  summary: {
    say: (summary) => [
      ...(summary.needs.length === 0
        ? ["Nothing needs you."]
        : summary.needs.map((need) => `${visible(need.title)}: ${visible(need.detail)}`)),
      "",
      ...facts([
        ...summary.today.map((row) => [row.name, `${row.today} today, ${row.yesterday} yesterday`] as const),
        ["audit events", summary.auditEvents],
        ["free", size(summary.freeBytes)],
      ]),
      ...summary.checks
        .filter((check) => !check.ok)
        .map((check) => `Check ${visible(check.name)} fails: ${visible(check.note)}`),
    ],
  },
  // A stream: the transfer commands follow it by themselves, on a terminal.
  changes: null,
};
