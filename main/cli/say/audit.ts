import * as z from "zod";
import type { auditEvent } from "../../../shared/contract/audit.ts";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { auditRetentionCommands } from "./audit-retention.ts";
import { auditReaderCommands } from "./audit-readers.ts";
import { columns, facts, more, plural, size } from "./layout.ts";

type AuditEvent = z.infer<typeof auditEvent>;

const out = z.string().describe("Write to this file").optional();

export const auditCommands: AreaCommands<typeof contract.audit> = {
  list: {
    say: ({ events, next }) => [...eventRows(events), ...more(next)],
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
      ...(result.purged === 0
        ? []
        : [
            `Of ${plural(result.purged, "event")} that were purged the hashes are left, and lead to the root.`,
          ]),
      `Root ${result.root}`,
      ...(result.index === "rebuilt"
        ? ["The search index was not what the log says; it was made anew."]
        : []),
    ],
    failed: (result) => !result.ok,
  },
  search: {
    say: ({ events, next, searched, ignored, verified, signed }) => [
      ...eventRows(events),
      "",
      searched === null
        ? "There was nothing to look through."
        : `${plural(events.length, "event")} found in ${searched.from} to ${searched.to}; verified to ${verified?.events ?? "none"}, signed to ${signed?.events ?? "none"}.`,
      ...ignored.map((piece) => `Means nothing here and was left out: ${visible(piece)}`),
      ...more(next),
    ],
  },
  export: {
    input: (flags, desk) => ({
      folder: desk.absolute(String(flags["folder"])),
      query: String(flags["query"] ?? ""),
    }),
    say: (exported) => [
      `Wrote ${plural(exported.events, "event")}${exported.whole ? ", the whole log," : ""} to ${visible(exported.folder)}.`,
      `Checkpoint of ${plural(exported.checkpointEvents, "event")}; README.txt there says how to check them.`,
    ],
  },
  standing: {
    say: (standing) => [
      ...(standing.alarms.length === 0
        ? ["No alarm is open."]
        : standing.alarms.map((alarm) => `Alarm ${alarm.alarm}: ${visible(alarm.sentence)}`)),
      ...facts([
        ["events", standing.events],
        ["root", standing.root],
        [
          "signed",
          standing.checkpoint === null
            ? "never"
            : `to event ${standing.checkpoint.events}, at ${standing.checkpoint.signedAt}`,
        ],
        [
          "verified",
          standing.verified === null
            ? "never"
            : `to event ${standing.verified.events}, at ${standing.verified.at}`,
        ],
        ["heartbeat", `every ${plural(standing.heartbeatMinutes, "minute")} while open`],
      ]),
      ...standing.silences.map(
        (silence) =>
          `Silent for ${plural(silence.seconds, "second")} after event ${silence.after} (${silence.reason === "late" ? "the station stood still" : "it was not closed"}): event ${silence.sequence}`,
      ),
      ...standing.clockSteps.map(
        (step) =>
          `The clock was set ${step.seconds < 0 ? "back" : "forward"} by ${plural(Math.abs(step.seconds), "second")}: event ${step.sequence}`,
      ),
    ],
    failed: (standing) => standing.alarms.length > 0,
  },
  checkpoint: {
    flags: z.strictObject({ out }),
    input: () => ({}),
    deliver: async ({ note }, flags, desk) => writeTo(note, flags, desk),
    say: (checkpoint, flags) => [
      ...(flags["out"] === undefined
        ? checkpoint.note.trimEnd().split("\n").map(visible)
        : [
            `Wrote the checkpoint of ${plural(checkpoint.events, "event")} to ${visible(String(flags["out"]))}.`,
          ]),
      "",
      `Code ${checkpoint.code}`,
      ...checkpoint.keys.map((key) => `Key ${visible(key)}`),
    ],
  },
  checkpoints: {
    say: ({ checkpoints, next }) => [
      ...columns(
        ["events", "signed at", "root"],
        checkpoints.map((one) => [one.events, one.signedAt, one.root]),
      ),
      ...more(next),
    ],
  },
  prove: {
    flags: z.strictObject({ sequence: z.number().int().min(1), out }),
    input: (flags) => ({ sequence: Number(flags["sequence"]) }),
    deliver: async ({ proof }, flags, desk) => writeTo(proof, flags, desk),
    say: (proved, flags) =>
      flags["out"] === undefined
        ? proved.proof.trimEnd().split("\n").map(visible)
        : [
            `Wrote the proof of event ${proved.index + 1}, in the log of ${plural(proved.events, "event")}, to ${visible(String(flags["out"]))}.`,
            `Check it anywhere: node tools/verify-audit.mjs proof ${visible(String(flags["out"]))} --key '${visible(proved.keys[0] ?? "")}'`,
          ],
  },
  consistency: {
    flags: z.strictObject({ since: z.number().int().min(1), out }),
    input: (flags) => ({ since: Number(flags["since"]) }),
    deliver: async ({ proof }, flags, desk) => writeTo(proof, flags, desk),
    say: (proved, flags) => [
      ...(flags["out"] === undefined
        ? proved.proof.trimEnd().split("\n").map(visible)
        : [`Wrote the proof to ${visible(String(flags["out"]))}.`]),
      `The log of ${plural(proved.events, "event")} begins with the one of ${proved.since}, root ${proved.sinceRoot}.`,
    ],
  },
  settle: { say: () => ["Settled. The station changes things again; the alarm stays in the log."] },
  ...auditReaderCommands,
  ...auditRetentionCommands,
};

function eventRows(events: readonly AuditEvent[]): string[] {
  return columns(
    ["number", "at", "who", "what", "to what", "outcome"],
    events.map((event) => [event.sequence, event.at, event.actor, event.action, event.object, event.outcome]),
  );
}

/** Only where a file was named. */
async function writeTo(text: string, flags: Flags, desk: Desk): Promise<void> {
  if (typeof flags["out"] === "string") await desk.write(flags["out"], text, 0o644);
}

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
  changes: {
    say: () => [],
    follow: ({ topics, jobs }) => [
      ...(topics.length === 0 ? [] : [`changed: ${topics.join(", ")}`]),
      ...jobs.map((job) => `${job.kind} ${visible(job.job)}: ${job.state}`),
    ],
  },
};
