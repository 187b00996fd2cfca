import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const approvalId = z.string().regex(/^a-[0-9a-f]{16}$/, "an approval id, a- and 16 hex digits");

const approval = z.strictObject({
  approval: approvalId,
  /** `peers.trust`. */
  operation: z.string(),
  /** What that operation does, in a sentence. */
  summary: z.string(),
  requester: field.operatorName,
  /** SHA-256 over operation, input, the state it acts on, station and lineage. */
  digest: field.sha256,
  state: z.enum(["waiting", "approved", "refused", "void", "expired", "used"]),
  /** Why it was refused or is void. */
  reason: z.string().nullable(),
  requestedAt: field.instant,
  approveBy: field.instant,
  approver: field.operatorName.nullable(),
  decidedAt: field.instant.nullable(),
  executeBy: field.instant.nullable(),
  /** The input as canonical JSON; what is secret in it stands as "(secret)". */
  input: z.string(),
});

/** Why somebody may agree or may not; each has its sentence in shared/strings/approvals.ts. */
export const standingReason = z.enum(["may", "asked", "let-in", "raised", "role", "disabled"]);

const detail = approval.extend({
  inputSha256: field.sha256,
  /** What it acts on, as canonical JSON, read at this moment. */
  actsOn: z.string(),
  actsOnSha256: field.sha256,
  /** False when that is no longer what it was when the step was asked for: the agreement would be void. */
  asAsked: z.boolean(),
  /** True when it can be done from what is kept; false when the requester must give secrets again. */
  repeatable: z.boolean(),
  /** Who may agree. Empty when nobody here can. */
  approvers: z.array(field.operatorName),
  /** Everybody here, with why they may agree or not; `until` is when a day's wait is over. */
  standing: z.array(
    z.strictObject({
      operator: field.operatorName,
      reason: standingReason,
      until: field.instant.nullable(),
    }),
  ),
});

export const approvals = {
  list: operation({
    permission: "approvals.read",
    reach: "none",
    effect: "read",
    summary: "List what waits for a second person, and what was decided",
  })
    .input(z.strictObject({ limit: field.limit }))
    .output(z.strictObject({ approvals: z.array(approval) })),
  show: operation({
    permission: "approvals.read",
    reach: "looked-up",
    effect: "read",
    summary: "Show exactly what one request for approval would allow",
  })
    .input(z.strictObject({ approval: approvalId }))
    .output(detail),
  approve: operation({
    permission: "approvals.read",
    reach: "looked-up",
    effect: "change",
    summary:
      "Agree to a step as the second person, over another's session if need be, by one's own passphrase",
  })
    .input(
      z.strictObject({
        approval: approvalId,
        /** What the approver looked at; another digest is refused. */
        digest: field.sha256,
        /** Whose agreement; without it the operator's who is signed in. */
        operator: field.operatorName.optional(),
        passphrase: field.passphrase,
        /** A code of the second factor, where the approver has one. */
        code: z.string().min(1).max(64).optional(),
      }),
    )
    .output(approval),
  refuse: operation({
    permission: "approvals.read",
    reach: "looked-up",
    effect: "change",
    summary: "Refuse a step that waits, or take back one's own request",
  })
    .input(z.strictObject({ approval: approvalId, note: z.string().max(200).default("") }))
    .output(approval),
};
