/** What the first one signs: lines of text, so that any Ed25519 tool can check it. A note stands as a JSON string. */
export interface SignedHead {
  readonly signoff: string;
  readonly kind: string;
  readonly station: string;
  readonly lineage: string;
  readonly events: number;
  readonly root: string;
  /** Of the report's file; null where the head itself is signed. */
  readonly sha256: string | null;
  readonly note: string;
  readonly signer: string;
  readonly at: string;
}

export function signedText(head: SignedHead): string {
  return lines("sallyport-signoff@v1", [
    ["signoff", head.signoff],
    ["kind", head.kind],
    ["station", head.station],
    ["lineage", head.lineage],
    ["events", String(head.events)],
    ["root", head.root],
    ["sha256", head.sha256 ?? "-"],
    ["note", JSON.stringify(head.note)],
    ["signer", head.signer],
    ["at", head.at],
  ]);
}

/** What the second one signs: all that the first one did, with that signature. */
export function countersignedText(
  first: string,
  signature: Uint8Array,
  by: { readonly signer: string; readonly at: string },
): string {
  return (
    first +
    lines("sallyport-countersign@v1", [
      ["signature", Buffer.from(signature).toString("base64")],
      ["signer", by.signer],
      ["at", by.at],
    ])
  );
}

function lines(format: string, fields: readonly (readonly [string, string])[]): string {
  return `${format}\n${fields.map(([name, value]) => `${name} ${value}\n`).join("")}`;
}
