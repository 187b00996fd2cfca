import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";
import { printed } from "./printed.ts";
import { signoff, signoffNote } from "./signoffs.ts";

export const reportKind = z.enum(["integrity", "review", "media", "access", "exceptions"]);

/** A report has tables of people and events: far more than this is no page that anybody reads. */
const html = z.string().max(16 * 1024 * 1024);

const made = z.strictObject({
  kind: reportKind,
  /** Size of the log that it was made from, and the events that it is about, both included. */
  events: field.count,
  from: field.sequence,
  to: field.count,
  /** Of the file's bytes. */
  sha256: field.sha256,
  document: printed,
  html,
  /** Operators that a review of access must say a word about; empty in other reports. */
  people: z.array(field.operatorName),
});

export const reports = {
  make: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Make a report from the log as it is now, naming the checkpoint that it was made from",
  })
    .input(
      z.strictObject({
        kind: reportKind,
        /** First event that it is about; of a review without it, the first one after the last signed review. */
        from: field.sequence.optional(),
        /** Last one; without it the head. */
        to: field.sequence.optional(),
      }),
    )
    .output(made),
  recompute: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Make a report again from the log, and say whether it is the same to the byte",
  })
    .input(z.strictObject({ html }))
    .output(
      z.strictObject({
        same: z.boolean(),
        kind: reportKind,
        events: field.count,
        /** Of the file as it was given, and as it comes out of the log now. */
        sha256: field.sha256,
        sha256Now: field.sha256,
        /** Number of the first line that differs; null when none does. */
        firstDifference: field.sequence.nullable(),
        /** Events whose bytes were purged since it was made: their loss alone changes a report. */
        purgedSince: field.count,
      }),
    ),
  signOff: operation({
    permission: "audit.verify",
    reach: "whole",
    effect: "change",
    summary: "Sign an audit review or an access review as it comes out of the log, with one's own key",
  })
    .input(
      z.strictObject({
        html,
        /** Of an access review: each operator in it, and whether what they may do is right. */
        reviewed: z
          .array(z.strictObject({ operator: field.operatorName, keep: z.boolean() }))
          .max(500)
          .default([]),
        note: signoffNote,
        passphrase: field.passphrase,
      }),
    )
    .output(signoff),
};
