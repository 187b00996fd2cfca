import type { AppendEvent } from "../../station/kernel.ts";
import type { PeerRow, StoreIn } from "./store-in.ts";

/**
 * Obeys a peer that says which of its earlier keys are revoked (the manifest's `revoked`): nothing that they sign
 * counts any more, and nothing sealed for them is carried again. Only keys that were replaced before the one that
 * signed the batch: whoever holds an old key must not be able to revoke the new one. Runs inside the transaction of
 * the batch that brought it.
 */
export function obeyRevoked(
  ledger: StoreIn,
  peer: PeerRow,
  signer: string,
  revoked: readonly string[],
  event: AppendEvent,
): void {
  if (revoked.length === 0) return;
  const said = new Set(revoked);
  for (const { serial, fingerprint } of ledger.replacedBefore(peer.id, signer)) {
    if (!said.has(fingerprint)) continue;
    ledger.revokeCard(peer.id, serial);
    event({ action: "peers.key-revoked", object: peer.name, details: { fingerprint, serial, by: signer } });
  }
}
