import { argon2idFloor, calibrateArgon2id, type Argon2idCost } from "../crypto/password.ts";
import type { StationDeps } from "../kernel.ts";

/** Half a second is what a person accepts at a door (research: 64 MiB and 3 passes take 0.17 s here). */
const targetMs = 500;

/** What a new passphrase costs on this machine; never below the floor, unless a test says so. */
export function passphraseCost(deps: Pick<StationDeps, "passwordHash">): Argon2idCost {
  if (deps.passwordHash !== undefined) return deps.passwordHash;
  const calibrated = calibrateArgon2id(targetMs, () => performance.now());
  return {
    memoryKiB: Math.max(calibrated.memoryKiB, argon2idFloor.memoryKiB),
    passes: Math.max(calibrated.passes, argon2idFloor.passes),
  };
}
