import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { wrapOperatorKeys } from "../../station/keys/operator-keys.ts";
import { passphraseCost } from "../../station/keys/passphrase-cost.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import { refuseWeakPassphrase } from "../../station/keys/weak-passphrase.ts";
import type { Door } from "./door.ts";
import type { OpenSessions } from "./open-sessions.ts";

type Change = AreaHandlers<typeof contract.session>["changePassphrase"];

/**
 * One's own passphrase: the key pairs stay, wrapped anew. Whoever knew the old one is out: every other session of the
 * operator ends, and what waited goes on no more (ASVS 5.0 7.4.3). Nobody else's hand is in it, so no second person.
 */
export function createPassphraseChange(
  kernel: Kernel,
  keys: KeyStore,
  door: Door,
  open: OpenSessions,
): Change {
  return (input, call) => {
    const proof = door.open(
      call.operator,
      input,
      call,
      "This is not your passphrase. Nothing was changed.",
      "asked",
    );
    try {
      if (input.newPassphrase === input.passphrase) {
        throw new Refusal("bad-input", "At newPassphrase: it is the one that you have.", {
          path: "newPassphrase",
        });
      }
      const { row, key, secrets } = proof;
      refuseWeakPassphrase(input.newPassphrase, [row.name, kernel.identity().name]);
      const cost = passphraseCost(kernel);
      const wrapped = wrapOperatorKeys(row.name, key.version, secrets, input.newPassphrase, cost);
      call.commit((event) => {
        proof.settle(event);
        keys.rewrapOperatorKey(row.id, key.version, wrapped);
        event({ action: "session.passphrase-changed", object: row.name });
      });
    } finally {
      proof.wipe();
    }
    const before = open.list().length;
    open.secretsChanged(call.operator, call.connection, "all");
    open.proven(call.connection);
    kernel.changes.publish("session", "operators");
    return { ended: before - open.list().length };
  };
}
