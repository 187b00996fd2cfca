import { sha256Hex } from "../../station/crypto/hash.ts";

/** What stands in place of a secret, in what is shown, kept and digested. */
const hidden = "(secret)";

/** The input as an approver reads it: whole, but for the fields that the contract calls secret. */
export function shownInput(input: unknown, secretFields: readonly string[]): Record<string, unknown> {
  const fields = Object.entries((input ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, secretFields.includes(name) ? hidden : value]),
  );
}

/** What an approval is bound to. A change in any of it is another digest. */
export interface Bound {
  readonly station: string;
  /** A restored station has another lineage: no agreement survives that. */
  readonly lineage: string;
  readonly operation: string;
  readonly requester: string;
  readonly input: unknown;
  readonly state: unknown;
}

/** SHA-256 over the canonical JSON of it, 64 hex digits. */
export function approvalDigest(bound: Bound): string {
  return sha256Hex(canonicalJson({ format: "sallyport-approval@v1", ...bound }));
}

/** What an approver's key signs. */
export function agreementMessage(agreement: {
  readonly station: string;
  readonly approval: string;
  readonly digest: string;
  readonly approver: string;
  readonly at: string;
}): Buffer {
  return Buffer.from(canonicalJson({ format: "sallyport-agreement@v1", ...agreement }));
}

/**
 * JSON with the keys of every object sorted by code unit and no space, as RFC 8785 asks; the values are those of the
 * contract's schemas, so that numbers are safe integers and text is text.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
