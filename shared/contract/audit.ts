import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const auditEvent = z.strictObject({
  sequence: field.sequence,
  at: field.instant,
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  outcome: z.enum(["done", "refused", "failed"]),
  /** Ids, counts and hashes; never bodies or secrets. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const audit = {
  list: operation({ permission: "audit.read", effect: "read", summary: "List events, newest first" })
    .input(
      z.strictObject({
        limit: field.limit,
        after: field.cursor,
        action: z.string().max(64).optional(),
        actor: z.string().max(64).optional(),
      }),
    )
    .output(z.strictObject({ events: z.array(auditEvent), next: field.next })),
  show: operation({
    permission: "audit.read",
    effect: "read",
    summary: "Show one event with its stored bytes and leaf hash",
  })
    .input(z.strictObject({ sequence: field.sequence }))
    .output(auditEvent.extend({ leaf: z.string(), leafHash: field.sha256 })),
  verify: operation({
    permission: "audit.read",
    effect: "read",
    summary: "Recompute the whole log from its stored bytes and name the first bad event",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        ok: z.boolean(),
        events: field.count,
        root: field.sha256,
        firstBad: field.sequence.nullable(),
      }),
    ),
};
