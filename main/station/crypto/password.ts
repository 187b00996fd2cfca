import sodium from "sodium-native";

/** Cost of one Argon2id run (RFC 9106): memory in KiB, number of passes over it; one lane always. */
export type Argon2idCost = { readonly memoryKiB: number; readonly passes: number };

/** The floor under every stored passphrase: 64 MiB and 3 passes, RFC 9106's second choice. */
export const argon2idFloor: Argon2idCost = { memoryKiB: 64 * 1024, passes: 3 };

/** More than this brings nothing against a guesser and makes unlocking impossible on small machines. */
const memoryCeilingKiB = 1024 * 1024;
const passesCeiling = 10;

/**
 * Argon2id version 0x13 with one lane.
 *
 * @param salt exactly 16 bytes
 * @throws when the salt has another length, the cost is below libsodium's minimum, or memory is short
 */
export function argon2id(password: Uint8Array, salt: Uint8Array, cost: Argon2idCost, outBytes = 32): Buffer {
  const out = Buffer.alloc(outBytes);
  sodium.crypto_pwhash(
    out,
    password,
    salt,
    cost.passes,
    cost.memoryKiB * 1024,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
  return out;
}

/**
 * The highest cost that this machine does in about `targetMs`, never below {@link argon2idFloor}.
 * Memory is raised first, because memory is what a guesser must buy; then passes.
 *
 * @param clock milliseconds that only grow, such as `performance.now`
 */
export function calibrateArgon2id(targetMs: number, clock: () => number): Argon2idCost {
  const password = Buffer.from("calibration");
  const salt = Buffer.alloc(sodium.crypto_pwhash_SALTBYTES);
  const measure = (cost: Argon2idCost): number => {
    const startedAt = clock();
    argon2id(password, salt, cost);
    return clock() - startedAt;
  };

  let cost = argon2idFloor;
  let tookMs = measure(cost);
  while (tookMs > 0 && tookMs * 2 <= targetMs && cost.memoryKiB < memoryCeilingKiB) {
    cost = { ...cost, memoryKiB: cost.memoryKiB * 2 };
    tookMs = measure(cost);
  }
  if (tookMs <= 0) return cost;
  const affordablePasses = Math.floor((cost.passes * targetMs) / tookMs);
  return { ...cost, passes: Math.min(passesCeiling, Math.max(cost.passes, affordablePasses)) };
}
