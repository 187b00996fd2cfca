import { createHash } from "node:crypto";
import type { Identity } from "./identity.ts";
import { signMessage } from "./sshsig.ts";
import type { SignatureChanges } from "./sshsig.ts";

/** Lines of records as text, so that a body keeps each of its bytes. */

const createdAt = "2026-11-21T08:00:00.000Z";

/** Any object as one line; for records that break a rule. */
export function line(record: Record<string, unknown>): string {
  return JSON.stringify(record);
}

/** A request as an object, to be changed before it becomes a line. */
export function requestRecord(id: string, body: unknown = { n: 1 }): Record<string, unknown> {
  return { type: "request", id, revision: 1, createdAt, kind: "echo", user: "alice", body };
}

/** A request line around the exact text of a body. */
export function requestLine(id: string, bodyText = '{"n":1}'): string {
  return `{"type":"request","id":"${id}","revision":1,"createdAt":"${createdAt}","kind":"echo","user":"alice","body":${bodyText}}`;
}

/** A response as an object, to be changed before it becomes a line. */
export function responseRecord(
  id: string,
  request: string,
  body: unknown = ["any"],
): Record<string, unknown> {
  return { type: "response", id, revision: 1, createdAt, request, status: "ok", body };
}

/** What a receipt says of a batch. */
export interface ReceiptPayload {
  batch: string;
  batchSha256: string;
  sequence: number;
  state: string;
  reason: string | null;
  counts: { imported: number; duplicate: number; quarantined: number };
  people: string;
  page: number;
  pages: number;
  exceptions: readonly unknown[];
}

/** A receipt record; `changes` are laid over it after the payload was signed. */
export function receiptRecord(
  from: Identity,
  payload: ReceiptPayload | string,
  options: { signature?: SignatureChanges; namespace?: string; changes?: object } = {},
): Record<string, unknown> {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const named = typeof payload === "string" ? undefined : payload;
  return {
    type: "receipt",
    id: `${named?.batch ?? "b000001-0000000000000000"}.${named?.state ?? "imported"}.${named?.page ?? 1}`,
    revision: 1,
    createdAt,
    payload: text,
    signature: signMessage(
      Buffer.from(text),
      from.signing,
      options.namespace ?? "sallyport-receipt@v1",
      options.signature,
    ),
    ...options.changes,
  };
}

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
