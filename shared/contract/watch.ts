import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";
import { eventIterator } from "@orpc/contract";
import { diskStanding } from "./station.ts";
import { job } from "./transfer.ts";

/** What changed; the page fetches it again. A hint, never data. */
export const topic = z.enum([
  "session",
  "station",
  "peers",
  "requests",
  "transfer",
  "quarantine",
  "audit",
  "documents",
  "media",
  "operators",
  "approvals",
  "signoffs",
  "notes",
  "presence",
  "recovery",
]);

const need = z.strictObject({
  kind: z.enum([
    "medium",
    "missing",
    "quarantine",
    "fork",
    "missing-receipt",
    "log",
    "lineage",
    "peer-log",
    "pending-peer",
    "approval",
    "invitation",
    "recovery",
    "drill",
    "signoff",
    "keys",
    "unanswered",
    "unsealed",
    "unsettled",
    "disk",
    "restore",
    "backup",
  ]),
  title: z.string(),
  detail: z.string(),
  /** The peer that it is about, where it is about one: a role narrowed to peers is shown no other. */
  peer: field.stationName.optional(),
  since: field.instant.nullable(),
  /** The place in the console that settles it, as a hash path such as `/transfer/peers`. */
  path: z.string(),
  severity: z.enum(["warn", "bad"]),
});

const cell = z.strictObject({
  sequence: field.sequence,
  batch: field.batchId.nullable(),
  sent: z.boolean(),
  carried: z.boolean(),
  received: z.boolean(),
  state: z.enum(["yes", "imported", "running", "not-yet", "missing", "quarantine", "refused", "voided"]),
});

const strip = z.strictObject({
  peer: field.stationName,
  peerSide: field.side,
  /** `out`: our batches to the peer; `in`: its batches to us. */
  way: z.enum(["out", "in"]),
  cells: z.array(cell),
  totals: z.strictObject({
    sent: field.count,
    carried: field.count,
    received: field.count,
    imported: field.count,
    missing: field.count,
  }),
});

export const watch = {
  summary: operation({
    permission: "station.read",
    reach: { rows: { needs: { peer: "peer" }, strips: { peer: "peer" }, jobs: { peer: "peer" } } },
    effect: "read",
    summary: "What needs a person, what is happening, the traffic with each peer and the numbers of today",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        needs: z.array(need),
        jobs: z.array(job),
        strips: z.array(strip),
        today: z.array(z.strictObject({ name: z.string(), today: field.count, yesterday: field.count })),
        checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), note: z.string() })),
        auditEvents: field.count,
        freeBytes: field.count,
        disk: diskStanding.shape.level,
      }),
    ),
  changes: operation({
    permission: "public",
    reach: "none",
    effect: "read",
    summary: "Follow hints of what changed and snapshots of running work",
  })
    .input(z.strictObject({}))
    .output(
      eventIterator(
        z.strictObject({
          topics: z.array(topic),
          /** Snapshots of the running jobs, at most a few a second; empty when nothing runs. */
          jobs: z.array(job),
        }),
      ),
    ),
};
