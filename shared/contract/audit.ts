import * as z from "zod";
import { operation } from "./access.ts";
import { auditReaders } from "./audit-readers.ts";
import { auditRetention } from "./audit-retention.ts";
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

/** A standard padded base64 SHA-256, as C2SP texts carry it. */
const hash64 = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
/** A C2SP checkpoint: text and signatures. */
const note = z.string();
/** A C2SP verifier key, `name+id+key`. */
const verifierKey = z.string();

const checkpoint = z.strictObject({
  origin: z.string(),
  events: field.count,
  root: field.sha256,
  note,
  signedAt: field.instant,
});

const alarm = z.strictObject({
  alarm: field.sequence,
  kind: z.enum([
    "head-missing",
    "head-unreadable",
    "log-shorter",
    "log-other",
    "tree-broken",
    "paper-differs",
  ]),
  sentence: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  raisedAt: field.instant,
});

/** A search line: words, "phrases", `field:value`, ranges. No text fails. */
const query = z.string().max(1000).default("");

export const audit = {
  list: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "List events, newest first",
  })
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
    reach: "whole",
    effect: "read",
    summary: "Show one event with its stored bytes and leaf hash",
  })
    .input(z.strictObject({ sequence: field.sequence }))
    .output(auditEvent.extend({ leaf: z.string(), leafHash: field.sha256 })),
  verify: operation({
    permission: "audit.read",
    reach: "whole",
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
        /** Events whose bytes were purged with their segment; their hashes still lead to the root. */
        purged: field.count,
        /**
         * The search index against the log: `whole` word for word, `found` for a log so long that this would hold the
         * station up: every event is found by its actor and its action.
         */
        index: z.enum(["whole", "found", "rebuilt"]),
      }),
    ),
  search: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Find events, newest first, by words, phrases, fields, numbers and times",
  })
    .input(z.strictObject({ query, limit: field.limit, after: field.cursor }))
    .output(
      z.strictObject({
        events: z.array(auditEvent),
        next: field.next,
        /** The numbers that this answer has looked through; null when there were none. */
        searched: z.strictObject({ from: field.sequence, to: field.sequence }).nullable(),
        /** How far the search index reached; later events were looked through as they are. */
        indexed: field.count,
        /** Pieces of the query that meant nothing. */
        ignored: z.array(z.string()),
        /** How far the log was last found whole, and how far it is signed. */
        verified: z.strictObject({ events: field.count, at: field.instant }).nullable(),
        signed: z.strictObject({ events: field.count, at: field.instant }).nullable(),
      }),
    ),
  export: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary:
      "Write events into a new folder, as JSON lines and CSV, with the checkpoint and proofs to check them by",
  })
    .input(z.strictObject({ folder: field.folder, query }))
    .output(
      z.strictObject({
        folder: z.string(),
        files: z.array(z.string()),
        events: field.count,
        checkpointEvents: field.count,
        whole: z.boolean(),
      }),
    ),
  standing: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Show how far the log is signed, verified and indexed, and every open alarm about it",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        events: field.count,
        root: field.sha256,
        checkpoint: checkpoint.nullable(),
        /** The last verification of the whole log that found nothing wrong. */
        verified: z.strictObject({ events: field.count, root: field.sha256, at: field.instant }).nullable(),
        /** A verification that runs now. */
        verifying: z.strictObject({ checked: field.count, events: field.count }).nullable(),
        /** The last event that the search index holds; later ones are looked through as they are. */
        indexed: field.count,
        /** The station says that it is there so often while it is open. */
        heartbeatMinutes: field.count,
        /** When the log was silent for longer than two heartbeats while it should not have been; newest first. */
        silences: z.array(
          z.strictObject({
            sequence: field.sequence,
            at: field.instant,
            seconds: z.number().int(),
            /** The last event before. */
            after: field.count,
            /** The station was not closed (killed, power lost), or it stood still. */
            reason: z.enum(["not-closed", "late"]),
          }),
        ),
        /** When the machine's clock was set, and by how much; newest first. */
        clockSteps: z.array(
          z.strictObject({ sequence: field.sequence, at: field.instant, seconds: z.number().int() }),
        ),
        alarms: z.array(alarm),
      }),
    ),
  checkpoint: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Sign the head of the log as it is now (C2SP checkpoint), to be printed or kept elsewhere",
  })
    .input(z.strictObject({}))
    .output(checkpoint.extend({ keys: z.array(verifierKey), code: z.string() })),
  checkpoints: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "List the checkpoints that this station signed, newest first",
  })
    .input(z.strictObject({ limit: field.limit, after: field.cursor }))
    .output(z.strictObject({ checkpoints: z.array(checkpoint), next: field.next })),
  prove: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary:
      "Prove that one event is in the log (C2SP tlog-proof), for anybody to check without this station",
  })
    .input(z.strictObject({ sequence: field.sequence }))
    .output(
      z.strictObject({
        /** The whole `.tlog-proof` file. */
        proof: z.string(),
        index: field.count,
        events: field.count,
        leafHash: field.sha256,
        root: field.sha256,
        /** From the leaf's sibling up; `left` when the sibling stands before it. */
        path: z.array(z.strictObject({ side: z.enum(["left", "right"]), hash: field.sha256 })),
        note,
        signedAt: field.instant,
        keys: z.array(verifierKey),
      }),
    ),
  consistency: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Prove that the log still begins with what it was at an earlier size",
  })
    .input(z.strictObject({ since: field.sequence }))
    .output(
      z.strictObject({
        /** As a witness takes it (C2SP tlog-witness): `old` size, hashes, checkpoint. */
        proof: z.string(),
        since: field.sequence,
        sinceRoot: field.sha256,
        events: field.count,
        root: field.sha256,
        hashes: z.array(hash64),
      }),
    ),
  settle: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary:
      "Settle an alarm about the log after a person has looked, so that the station changes things again",
  })
    .input(z.strictObject({ alarm: field.sequence, note: z.string().min(1).max(500) }))
    .output(z.strictObject({})),
  ...auditReaders,
  ...auditRetention,
};
