import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const signoffId = z.string().regex(/^s-[0-9a-f]{16}$/, "a sign-off id, s- and 16 hex digits");

const signature = z.strictObject({
  by: field.operatorName,
  at: field.instant,
  /** The exact text that was signed, and the Ed25519 signature and public key over it, in base64. */
  text: z.string(),
  signature: z.string(),
  publicKey: z.string(),
  /** Looked at again for this answer. */
  holds: z.boolean(),
});

export const signoff = z.strictObject({
  signoff: signoffId,
  /** `shift`: the log's head. Otherwise the report that was signed. */
  kind: z.enum(["shift", "review", "access"]),
  events: field.count,
  root: field.sha256,
  /** Of the report's file; null for a shift. */
  sha256: field.sha256.nullable(),
  note: z.string(),
  first: signature,
  second: signature.nullable(),
  /** `whole`: as many have signed as this station asks for. */
  state: z.enum(["waiting", "whole"]),
  /** Who may sign as the second; empty when nobody can, or somebody has. */
  seconds: z.array(field.operatorName),
});

const proof = {
  /** Who signs; without it the operator who is signed in. */
  operator: field.operatorName.optional(),
  passphrase: field.passphrase,
  /** A code of the second factor, where whoever signs has one and has not shown it in this session. */
  code: z.string().min(1).max(64).optional(),
};

export const signoffNote = z
  .string()
  .max(1000)
  .refine((text) => !text.includes("\0"), "no NUL")
  .default("");

export const signoffs = {
  list: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "List who signed for shifts and reports, newest first, and since when nobody has",
  })
    .input(z.strictObject({ limit: field.limit, after: field.cursor }))
    .output(
      z.strictObject({
        signoffs: z.array(signoff),
        next: field.next,
        /** What people did after the last shift that was signed for; null when nothing. */
        unsigned: z
          .strictObject({
            since: field.instant,
            firstEvent: field.sequence,
            events: field.count,
            /** Longer than a shift of the station's profile lasts. */
            overdue: z.boolean(),
          })
          .nullable(),
        /** How long a shift may last without a sign-off; null when the profile doesn't ask for any. */
        shiftHours: z.number().nullable(),
      }),
    ),
  sign: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary: "Sign the log's head at the end of a shift, with one's own key",
  })
    .input(z.strictObject({ note: signoffNote, ...proof }))
    .output(signoff),
  countersign: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "change",
    summary: "Sign what another operator signed, as the second person, over their session if need be",
  })
    .input(z.strictObject({ signoff: signoffId, ...proof }))
    .output(signoff),
};
