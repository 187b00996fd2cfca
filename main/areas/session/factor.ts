import { hkdfSha256 } from "../../station/crypto/hash.ts";
import { decrypt, encrypt } from "../../station/crypto/seal.ts";
import { hashCode, makeCode } from "../../station/keys/code.ts";
import type { OperatorSecrets } from "../../station/keys/operator-keys.ts";
import type { OperatorRow } from "../../station/keys/store.ts";
import { matchCode, stepOf } from "../../station/keys/totp.ts";
import type { FactorRow, FactorStore } from "./store.ts";

/** ASVS and every site: ten, each once. */
const recoveryCodes = 10;

export type FactorCheck =
  /** No second factor, or none that was confirmed. */
  | { readonly outcome: "none" }
  | { readonly outcome: "missing" }
  | { readonly outcome: "wrong" }
  | {
      readonly outcome: "right";
      /** Inside a transaction: false when it was spent meanwhile. */
      readonly spend: (at: string) => boolean;
      /** After this one; set for a recovery code alone. */
      readonly recoveryCodesLeft?: number;
    };

interface Opened {
  readonly row: OperatorRow;
  readonly secrets: OperatorSecrets;
}

/** Whether the code is one of the operator's device, or a recovery code that is left. */
export function checkFactor(
  factors: FactorStore,
  { row, secrets }: Opened,
  code: string | undefined,
  now: Date,
): FactorCheck {
  const factor = factors.find(row.id);
  if (factor === undefined || factor.confirmed_at === null) return { outcome: "none" };
  if (code === undefined || code.trim() === "") return { outcome: "missing" };
  const matched = matchCode(openFactor(row.name, secrets, factor), code, {
    step: stepOf(now),
    lastStep: factor.last_step,
    driftSteps: factor.drift_steps,
  });
  if (matched !== null) {
    return {
      outcome: "right",
      spend: () => factors.spendStep(row.id, matched.step, matched.driftSteps),
    };
  }
  const hash = hashCode("recovery", code);
  if (!factors.hasCode(row.id, hash)) return { outcome: "wrong" };
  return {
    outcome: "right",
    recoveryCodesLeft: factors.codesLeft(row.id) - 1,
    spend: (at) => factors.spendCode(row.id, hash, at),
  };
}

/** Under a key of the operator's own: a copied directory gives no codes without the passphrase. */
export function sealFactor(name: string, secrets: OperatorSecrets, secret: Buffer): Buffer {
  return encrypt(factorKey(secrets), secret, place(name));
}

export function openFactor(name: string, secrets: OperatorSecrets, row: FactorRow): Buffer {
  return decrypt(factorKey(secrets), row.wrapped, place(name));
}

/** New recovery codes: what is shown, and what is kept. */
export function makeRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: recoveryCodes }, makeCode);
  return { codes, hashes: codes.map((code) => hashCode("recovery", code)) };
}

function factorKey(secrets: OperatorSecrets): Buffer {
  return hkdfSha256(secrets.box, Buffer.alloc(0), "sallyport second factor@v1");
}

function place(name: string): string {
  return `sallyport second factor ${name}`;
}
