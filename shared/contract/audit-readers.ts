import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";
import { printed } from "./printed.ts";

// What readers of the log have: a head on paper, searches with a name, and the log over time.

/** The first 40 bits of a root as ten hex digits, grouped in fives. */
const code = z.string();

const savedSearch = z.strictObject({
  name: z.string(),
  query: z.string(),
  owner: field.operatorName,
  /** `everyone` at this station sees it; only its owner changes it. */
  for: z.enum(["me", "everyone"]),
  /** Counts its changes: what is saved over it names the one it replaces. */
  version: field.sequence,
  savedAt: field.instant,
});

const searchName = z
  .string()
  .min(1)
  .max(64)
  // It is read in lists and in the palette: nothing in it may be unseen.
  .regex(
    /^[\p{L}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{N}\p{P}\p{S}]+)*$/u,
    "letters, digits, signs, one blank between",
  );

const outcomeCounts = z.strictObject({ done: field.count, refused: field.count, failed: field.count });

export const auditReaders = {
  printCheckpoint: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Make a page to print of the log's head as it is now: signed note, QR code, short code",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        events: field.count,
        root: field.sha256,
        code,
        note: z.string(),
        signedAt: field.instant,
        document: printed,
        /** The same page as one file. */
        html: z.string(),
      }),
    ),
  compareCheckpoint: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary:
      "Compare a checkpoint from paper with the log as it is now; one that our own key signed and that differs is an alarm",
  })
    .input(
      z
        .strictObject({
          /** The note as it was scanned or typed; its three first lines alone are an unsigned one. */
          text: z.string().max(8192).optional(),
          /** Or the short code, with the number of events beside it. */
          code: z.string().max(32).optional(),
          events: field.sequence.optional(),
          /** Typed twice and right: what nobody signed raises the alarm as well. */
          sure: z.boolean().default(false),
        })
        .refine(
          ({ text, code: short, events }) =>
            (text !== undefined) !== (short !== undefined && events !== undefined),
          "either the text, or the code and the number of events",
        ),
    )
    .output(
      z.strictObject({
        verdict: z.enum(["same", "grown", "differs"]),
        /** What the paper says. */
        paper: z.strictObject({ events: field.count, root: field.sha256.nullable(), code }),
        /** What the log says at that number of events; null when it has fewer. */
        before: z.strictObject({ root: field.sha256, code }).nullable(),
        now: z.strictObject({ events: field.count, root: field.sha256, code }),
        /** Whether this station's own key signed the paper. */
        signed: z.boolean(),
        alarm: z.boolean(),
      }),
    ),
  searches: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "List the saved searches: one's own, and those for everyone",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ searches: z.array(savedSearch) })),
  saveSearch: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary: "Save a search under a name, for oneself or for everyone at this station",
  })
    .input(
      z.strictObject({
        name: searchName,
        query: z.string().min(1).max(1000),
        for: z.enum(["me", "everyone"]).default("me"),
        /** The version that it replaces; without it the name must be free. */
        version: field.sequence.optional(),
      }),
    )
    .output(savedSearch),
  removeSearch: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary: "Remove a saved search of one's own",
  })
    .input(z.strictObject({ name: searchName, version: field.sequence }))
    .output(z.strictObject({})),
  timeline: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Count what a search finds over time, and mark where the log was silent",
  })
    .input(
      z.strictObject({
        query: z.string().max(1000).default(""),
        /** At most so many spans of equal length. */
        buckets: z.number().int().min(1).max(500).default(80),
      }),
    )
    .output(
      z.strictObject({
        /** Oldest first, without a hole; empty when nothing was found. */
        buckets: z.array(
          z.strictObject({
            from: field.instant,
            until: field.instant,
            outcomes: outcomeCounts,
            /** By the first word of the action. */
            areas: z.record(z.string(), field.count),
          }),
        ),
        found: field.count,
        /** The numbers that were looked through; null when there were none. */
        searched: z.strictObject({ from: field.sequence, to: field.sequence }).nullable(),
        /** Whether that is all that the search could mean; otherwise its newest part. */
        whole: z.boolean(),
        /** Between two events that follow each other, whatever the search: longer than an open station is silent. */
        gaps: z.array(
          z.strictObject({
            after: field.sequence,
            from: field.instant,
            until: field.instant,
            /** `closed`: the station was closed and said so; `back`: the clock was set back. */
            why: z.enum(["silent", "closed", "back"]),
          }),
        ),
        ignored: z.array(z.string()),
      }),
    ),
};
