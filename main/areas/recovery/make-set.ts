import { Refusal } from "../../../shared/errors.ts";
import { lineLetters, plainLetters } from "../../../shared/share-lines.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import { randomBytes } from "../../station/crypto/random.ts";
import { generateBoxKeyPair } from "../../station/crypto/seal.ts";
import { splitSecret } from "../../station/crypto/shamir.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import {
  lineCommitment,
  recoveryPlace,
  recoverySetId,
  secretLines,
  shareCommitment,
  writeRecoveryShare,
  type RecoveryShare,
} from "../../station/keys/recovery-share.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { RecoverySetRow, RecoveryStore } from "./store.ts";

export interface MadeShare {
  readonly share: number;
  readonly lines: string[];
  readonly ask: number;
}

/**
 * Makes a key pair, splits its private half and offers the set. The shares leave this function once; what stays are
 * hashes. An older set stays in force until this one is confirmed, so that a lost print loses nothing.
 */
export async function offerSet(
  kernel: Kernel,
  rows: RecoveryStore,
  input: { readonly threshold: number; readonly shares: number },
  call: Call,
): Promise<{ set: RecoverySetRow; shares: MadeShare[] }> {
  const { threshold, shares: count } = input;
  if (threshold > count) {
    throw new Refusal("bad-input", `At threshold: ${threshold} of ${count} shares can never come together.`, {
      path: "threshold",
    });
  }
  const station = kernel.identity();
  const pair = generateBoxKeyPair();
  const values = await splitSecret(pair.secretKey, count, threshold);
  pair.secretKey.fill(0);
  // The sheet carries whole seconds; the id is over what can be read back from it.
  const madeAt = new Date(Math.floor(kernel.clock().getTime() / 1000) * 1000).toISOString();
  const shares = call.commit((event) => {
    const number = rows.nextNumber();
    const about = { station: station.id, number, threshold, count, madeAt, boxPublic: pair.publicKey };
    const id = recoverySetId(about);
    const before = rows.inState("offered");
    if (before !== undefined) rows.end(before.number, "dropped", madeAt);
    rows.offer({
      number,
      id,
      threshold,
      shares: count,
      box_public: pair.publicKey,
      made_at: madeAt,
      made_by: call.operator,
    });
    event({
      action: "recovery.set-made",
      object: `set ${number}`,
      details: { set: id, threshold, shares: count, dropped: before?.number ?? null },
    });
    const common = { threshold, count, madeAt, station: station.id, stationName: station.name, set: id };
    return values.map((value, index) => keep(rows, number, { ...common, place: index + 1, value }));
  });
  for (const value of values) value.fill(0);
  kernel.changes.publish("recovery");
  const row = rows.inState("offered");
  if (row === undefined) throw new Error("the set that was just offered is gone");
  return { set: row, shares };
}

/** Keeps hashes of a share, and hands its lines on. */
function keep(rows: RecoveryStore, set: number, share: RecoveryShare): MadeShare {
  const lines = writeRecoveryShare(share);
  const ask = secretLines[(randomBytes(1)[0] ?? 0) % secretLines.length] ?? 0;
  rows.keepShare(set, {
    place: share.place,
    commitment: shareCommitment(share),
    asked_line: ask,
    line_hash: lineCommitment(share.set, share.place, plainLetters(lines[ask - 1] ?? "")),
  });
  return { share: share.place, lines, ask };
}

/** Puts the offered set in force: seals the master key to it, voids the older one. Every share's line must fit. */
export function confirmSet(
  kernel: Kernel,
  keys: KeyStore,
  rows: RecoveryStore,
  input: {
    readonly set: string;
    readonly lines: readonly { readonly share: number; readonly line: string }[];
  },
  call: Call,
): void {
  const offered = rows.inState("offered");
  if (offered === undefined || offered.id !== input.set) {
    throw new Refusal("not-ready", "This recovery set does not wait to be put in force. Look at it again.");
  }
  expectLines(rows, offered, input.lines);
  const at = kernel.clock().toISOString();
  const grants = kernel.keyring.grantsTo(offered.box_public);
  const proof = kernel.keyring.seal(offered.box_public, recoveryPlace(offered.id));
  call.commit((event) => {
    if (rows.inState("offered")?.id !== offered.id) {
      throw new Refusal("conflict", "Another recovery set was made meanwhile.");
    }
    const before = rows.inState("current");
    if (before !== undefined) rows.end(before.number, "replaced", at);
    keys.dropRecoveryGrants();
    rows.putInForce(offered.number, at);
    keys.setRecoveryProof(offered.number, proof.masterVersion, proof.sealed);
    for (const [version, sealed] of grants) keys.addRecoveryGrant(version, offered.number, sealed);
    event({
      action: "recovery.set-in-force",
      object: `set ${offered.number}`,
      details: {
        set: offered.id,
        threshold: offered.threshold,
        shares: offered.shares,
        replaced: before?.number ?? null,
      },
    });
  });
  kernel.changes.publish("recovery");
}

function expectLines(
  rows: RecoveryStore,
  offered: RecoverySetRow,
  lines: readonly { readonly share: number; readonly line: string }[],
): void {
  for (const kept of rows.keptShares(offered.number)) {
    const given = lines.find((one) => one.share === kept.place);
    const asked = `line ${kept.asked_line} of share ${kept.place}`;
    if (given === undefined) {
      throw new Refusal(
        "bad-input",
        `Give ${asked}, typed from its paper: without it nobody knows that it was printed.`,
        {
          reason: "line-missing",
          path: "lines",
        },
      );
    }
    const letters = plainLetters(given.line);
    const right =
      letters.length <= lineLetters &&
      kept.line_hash !== null &&
      equalBytes(kept.line_hash, lineCommitment(offered.id, kept.place, letters));
    if (!right) {
      throw new Refusal(
        "bad-input",
        `That is not ${asked}. Type it from the paper; nothing was put in force.`,
        {
          reason: "line-other",
          path: "lines",
        },
      );
    }
  }
}
