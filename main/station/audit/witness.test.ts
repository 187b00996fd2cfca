import { describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../crypto/ed25519.ts";
import { formatVerifierKey, parseVerifierKey } from "../crypto/vkey.ts";
import { checkpointText, cosign, signNote } from "./checkpoint.ts";
import { consistencyHashes, rootOfRange, type SubtreeReader } from "./proof.ts";
import { leafHash, nodeHash } from "./tree.ts";
import { checkConsistency, checkWitnessed, type SeenHead } from "./witness.ts";

const origin = "sallyport/00112233445566778899aabbccddeeff/0123456789abcdef";
const pair = generateSigningKeyPair();
const keys = [parseVerifierKey(formatVerifierKey("low", 1, pair.publicKey))];

const leavesOf = (count: number, salt = ""): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`${salt}${index}`)));

function readerOf(leaves: readonly Buffer[]): SubtreeReader {
  const read: SubtreeReader = (level, position) =>
    level === 0
      ? (leaves[position] as Buffer)
      : nodeHash(read(level - 1, position * 2), read(level - 1, position * 2 + 1));
  return read;
}

function head(leaves: readonly Buffer[], size: number): SeenHead {
  return { size, root: rootOfRange(readerOf(leaves), 0, size) };
}

function noteOf({ size, root }: SeenHead, under = origin, signer = pair): string {
  return signNote(checkpointText({ origin: under, size, root }), [{ name: "low", pair: signer }]);
}

const log = leavesOf(20);
const proof = (from: number, to: number, of = log) => ({
  since: from,
  hashes: consistencyHashes(readerOf(of), from, to),
});

describe("a witness", () => {
  test("takes the first head of a log as it is, and each that grew from it", () => {
    expect(checkConsistency({ origin, keys, seen: null, note: noteOf(head(log, 5)), proofs: [] })).toEqual({
      verdict: "consistent",
      head: head(log, 5),
    });
    const grown = { origin, keys, seen: head(log, 5), note: noteOf(head(log, 20)), proofs: [proof(5, 20)] };
    expect(checkConsistency(grown)).toEqual({ verdict: "consistent", head: head(log, 20) });
    const same = { ...grown, note: noteOf(head(log, 5)), proofs: [] };
    expect(checkConsistency(same)).toMatchObject({ verdict: "consistent" });
  });

  test("calls a log that was rolled back and went on differently a fork, also at the same size", () => {
    const other = [...log.slice(0, 3), ...leavesOf(17, "other")];
    const seen = head(log, 5);
    const fork = { origin, keys, seen, note: noteOf(head(other, 20)), proofs: [proof(5, 20, other)] };
    expect(checkConsistency(fork)).toMatchObject({ verdict: "fork" });
    expect(checkConsistency({ ...fork, note: noteOf(head(other, 5)), proofs: [] })).toMatchObject({
      verdict: "fork",
    });
    expect(checkConsistency({ ...fork, proofs: [proof(5, 20)] })).toMatchObject({ verdict: "fork" });
  });

  test("says that a log is shorter than it was", () => {
    const given = { origin, keys, seen: head(log, 20), note: noteOf(head(log, 5)), proofs: [proof(3, 5)] };
    expect(checkConsistency(given)).toEqual({ verdict: "rolled-back", head: head(log, 5) });
  });

  test("can't tell yet without a proof from the size it knows", () => {
    const seen = head(log, 5);
    const note = noteOf(head(log, 20));
    expect(checkConsistency({ origin, keys, seen, note, proofs: [proof(4, 20)] })).toMatchObject({
      verdict: "not-yet-verifiable",
    });
  });

  test("names a note that is none, another's origin, and another's signature", () => {
    const given = { origin, keys, seen: null, proofs: [] };
    expect(checkConsistency({ ...given, note: "nothing" })).toEqual({ verdict: "bad-note" });
    const elsewhere = noteOf(head(log, 5), `${origin.slice(0, -1)}0`);
    expect(checkConsistency({ ...given, note: elsewhere })).toEqual({ verdict: "wrong-origin" });
    const stranger = noteOf(head(log, 5), origin, generateSigningKeyPair());
    expect(checkConsistency({ ...given, note: stranger })).toEqual({ verdict: "bad-signature" });
  });

  test("shows a station that its own log was put back", () => {
    const witness = generateSigningKeyPair();
    const witnessKey = parseVerifierKey(formatVerifierKey("high", 4, witness.publicKey));
    const note = cosign(noteOf(head(log, 12)), { name: "high", pair: witness }, 1_700_000_000);
    const rootAt = (size: number): Buffer => head(log, size).root;
    const given = { origin, witnessKey, note, size: 20, rootAt };
    expect(checkWitnessed(given)).toEqual({ verdict: "ours", head: head(log, 12) });
    expect(checkWitnessed({ ...given, size: 11 })).toMatchObject({ verdict: "not-ours" });
    const other = leavesOf(20, "other");
    expect(checkWitnessed({ ...given, rootAt: (size) => head(other, size).root })).toMatchObject({
      verdict: "not-ours",
    });
    expect(checkWitnessed({ ...given, note: noteOf(head(log, 12)) })).toEqual({ verdict: "bad-signature" });
  });
});
