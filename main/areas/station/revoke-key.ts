import { Refusal } from "../../../shared/errors.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { TransferService } from "../transfer/service.ts";
import { trustedPeers } from "./store.ts";

export interface Revoked {
  readonly fingerprint: string;
  readonly batchesGivenUp: number;
  readonly receiptsSignedAgain: number;
}

/**
 * Revokes an earlier signing key, because it may be in other hands: the manifest of the next batch to each peer says so,
 * and from then on the peer takes nothing that it signs (docs/adr/0010). What was sealed under it and never copied is
 * given up and sealed again; what was copied is a person's decision. Throws `conflict` for the key in force: rotate first.
 */
export function revokeKey(
  kernel: Kernel,
  keys: KeyStore,
  transfer: Pick<TransferService, "giveUpUnsent" | "resignReceipts">,
  input: { readonly fingerprint: string; readonly note: string },
  call: Call,
): Revoked {
  const rows = keys.stationKeys("signing");
  const row = rows.find(
    ({ public: text }) => text !== null && fingerprint(parseSshPublicKey(text)) === input.fingerprint,
  );
  if (row === undefined) {
    throw new Refusal(
      "not-found",
      `${input.fingerprint} is no signing key of this station, or is revoked already.`,
    );
  }
  if (row === rows[0]) {
    throw new Refusal("conflict", "This is the signing key in force. Nothing was revoked.", {
      remedy: "Rotate the keys first: sallyport station rotate-keys. Then revoke the one before.",
    });
  }
  const at = kernel.clock().toISOString();
  kernel.step("station-revoke-key");
  const revoked = call.commit((event) => {
    keys.revokeStationKey("signing", row.version, at);
    let batchesGivenUp = 0;
    for (const peer of trustedPeers(kernel.store)) {
      batchesGivenUp += transfer.giveUpUnsent(peer, "sealed under a key that was revoked", event);
    }
    const receiptsSignedAgain = transfer.resignReceipts();
    event({
      action: "station.key-revoked",
      object: input.fingerprint,
      details: { version: row.version, note: input.note, batchesGivenUp, receiptsSignedAgain },
    });
    return { batchesGivenUp, receiptsSignedAgain };
  });
  kernel.changes.publish("station", "transfer");
  return { fingerprint: input.fingerprint, ...revoked };
}
