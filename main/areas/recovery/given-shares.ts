import { Refusal } from "../../../shared/errors.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import { boxPublicOf } from "../../station/crypto/seal.ts";
import { combineValues } from "../../station/crypto/shamir.ts";
import type { StationIdentity } from "../../station/identity.ts";
import {
  readRecoveryShare,
  recoverySetId,
  shareCommitment,
  type RecoveryShare,
} from "../../station/keys/recovery-share.ts";
import type { RecoverySetRow, RecoveryStore } from "./store.ts";

/** Why shares are not taken. The first four are slips of a hand; the others count as wrong tries. */
export type ShareFault =
  | "mistyped"
  | "no-share"
  | "same-share-twice"
  | "too-few"
  | "another-station"
  | "another-set"
  | "older-set"
  | "not-genuine";

/** Shares of one set, enough of them, each what was handed out. */
export interface GivenShares {
  readonly set: RecoverySetRow;
  readonly shares: readonly RecoveryShare[];
}

/**
 * Reads what was typed and holds it against the set in force. Throws `bad-input` for a slip of the hand, `refused` for a
 * share that is wrong; each sentence says which share and why.
 */
export function takeShares(
  rows: RecoveryStore,
  station: StationIdentity,
  typed: readonly string[],
): GivenShares {
  const shares = typed.map(readOne);
  const set = rows.inState("current");
  for (const [index, share] of shares.entries()) expectOfSet(rows, station, set, share, nth(index));
  if (set === undefined) throw wrong("another-set", "This station has no recovery set in force.");
  expectEnough(shares, set.threshold, `set ${set.number}`);
  return { set, shares };
}

/**
 * The set's private half. Throws `refused` when the shares give another secret than the set's, which below the threshold
 * or with tampered rows they do without a word of their own. Wipe it after use.
 */
export async function combineShares({ set, shares }: GivenShares): Promise<Buffer> {
  // More than enough would do as well; the first ones suffice, and every one given was held against its hash.
  const secret = await combineValues(shares.slice(0, set.threshold).map(({ value }) => value));
  for (const { value } of shares) value.fill(0);
  if (equalBytes(boxPublicOf(secret), set.box_public)) return secret;
  secret.fill(0);
  throw wrong("not-genuine", "These shares give another key than the recovery set's. Nothing was opened.");
}

/** What shares of a station give back where its rows are not at hand: in a backup. */
export interface BareSecret {
  readonly secret: Buffer;
  readonly boxPublic: Buffer;
}

/**
 * Combines shares by what they say of themselves. Whether they give the right secret is only known once it opens
 * something. Throws `bad-input` for a slip of the hand, `refused` for shares that do not belong together.
 */
export async function combineBare(
  station: Pick<StationIdentity, "id" | "name">,
  typed: readonly string[],
): Promise<BareSecret> {
  const shares = typed.map(readOne);
  const [first] = shares;
  if (first === undefined) throw slip("too-few", "Give the shares.");
  for (const [index, share] of shares.entries()) {
    expectOfStation(station, share, nth(index));
    if (share.set !== first.set) {
      throw wrong("another-set", `${nth(index)} is of another set than ${nth(0).toLowerCase()}.`);
    }
  }
  expectEnough(shares, first.threshold, "a recovery set");
  const secret = await combineValues(shares.slice(0, first.threshold).map(({ value }) => value));
  for (const { value } of shares) value.fill(0);
  return { secret, boxPublic: boxPublicOf(secret) };
}

/** Each share once, and as many as open. */
function expectEnough(shares: readonly RecoveryShare[], threshold: number, set: string): void {
  for (const [index, share] of shares.entries()) {
    const first = shares.findIndex((one) => one.place === share.place);
    if (first === index) continue;
    throw slip(
      "same-share-twice",
      `${nth(first)} and ${nth(index)} are the same: share ${share.place}. Give another one for one of them.`,
    );
  }
  const missing = threshold - shares.length;
  if (missing > 0) {
    throw slip(
      "too-few",
      `${threshold} shares of ${set} open, and ${shares.length} ${shares.length === 1 ? "is" : "are"} here. ${missing} more ${missing === 1 ? "is" : "are"} needed.`,
    );
  }
}

function expectOfStation(
  station: Pick<StationIdentity, "id" | "name">,
  share: RecoveryShare,
  which: string,
): void {
  if (station.id.startsWith(share.station)) return;
  throw wrong(
    "another-station",
    `${which} (share ${share.place} of ${share.count}) is of another station: ${share.stationName}, not ${station.name}.`,
  );
}

function readOne(typed: string, index: number): RecoveryShare {
  const read = readRecoveryShare(typed);
  if (read.fault === null) return read.share;
  const which = nth(index);
  if (read.fault === "sum") {
    throw slip(
      "mistyped",
      `${which}: two or more letters are wrong somewhere. Compare every line with the paper.`,
    );
  }
  if (read.fault === "form")
    throw slip("no-share", `${which} is no recovery share, or lines of it are missing.`);
  const { line, why } = read.fault;
  const words = {
    check: `line ${line} is typed wrong, or is not line ${line}. Compare it with the paper`,
    length: `line ${line} has too few or too many letters. Each line has twenty; only the last may be shorter`,
    letter: `line ${line} holds a sign that no share has. There are figures and letters without I, L, O and U`,
  };
  throw slip("mistyped", `${which}: ${words[why]}.`);
}

function expectOfSet(
  rows: RecoveryStore,
  station: StationIdentity,
  set: RecoverySetRow | undefined,
  share: RecoveryShare,
  which: string,
): void {
  const named = `${which} (share ${share.place} of ${share.count})`;
  expectOfStation(station, share, which);
  if (share.set !== set?.id) {
    const known = rows.sets().find((row) => row.id === share.set);
    if (known === undefined) {
      throw wrong(
        "another-set",
        `${named} is of a set that this station does not know, made ${day(share.madeAt)}: this directory may be older than the set.`,
      );
    }
    const since = known.state === "offered" ? "that is not in force yet" : `that was ${ended(known.state)}`;
    throw wrong(
      "older-set",
      `${named} is of set ${known.number}, made ${day(known.made_at)}, ${since}. Its shares open nothing.`,
    );
  }
  const kept = rows.keptShares(set.number).find((row) => row.place === share.place);
  const genuine =
    kept !== undefined &&
    equalBytes(kept.commitment, shareCommitment(share)) &&
    set.id ===
      recoverySetId({
        station: station.id,
        number: set.number,
        threshold: set.threshold,
        count: set.shares,
        madeAt: set.made_at,
        boxPublic: set.box_public,
      });
  if (!genuine)
    throw wrong("not-genuine", `${named} is not the share that was handed out: it was made up or changed.`);
}

function ended(state: RecoverySetRow["state"]): string {
  return state === "used" ? "used up by a recovery" : state === "dropped" ? "never put in force" : "replaced";
}

function day(at: string): string {
  return at.slice(0, 10);
}

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

function nth(index: number): string {
  return `The ${ordinals[index] ?? `${index + 1}th`} share given`;
}

function slip(reason: ShareFault, message: string): Refusal {
  return new Refusal("bad-input", message, { reason, path: "shares" });
}

function wrong(reason: ShareFault, message: string): Refusal {
  return new Refusal("refused", message, { reason, path: "shares" });
}
