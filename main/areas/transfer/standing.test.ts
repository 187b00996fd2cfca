import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Envelope } from "./format/envelope.ts";
import { ledgerView, standingOf } from "./standing.ts";
import { storeIn, type IncomingState, type PeerRow, type StoreIn } from "./store-in.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

const lineage = "0123456789abcdef";
const hash = (digit: string) => digit.repeat(64);

let low: TestStation;
let high: TestStation;
let store: StoreIn;
let peer: PeerRow;
const opened: TestStation[] = [];

beforeEach(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  opened.push(low, high);
  const id = high.trust(low);
  store = storeIn(high.kernel.store);
  store.takeLineage(id, lineage);
  peer = store.peer(id) as PeerRow;
});
afterAll(() => {
  for (const station of opened) station.close();
});

function known(sequence: number, sha256: string | null, state: IncomingState): void {
  const at = "2026-11-21T08:00:00.000Z";
  if (sha256 === null || state === "voided") {
    store.closeUnseen(
      { peer: peer.id, lineage, sequence, sha256, note: "" },
      state as "skipped" | "voided",
      at,
    );
    return;
  }
  const envelope = Buffer.from("{}");
  const facts = { lineage, batch: `b${sequence}`, previous: null, envelope, bytes: 0, createdAt: at };
  const id = store.claim({ peer: peer.id, sequence, sha256, ...facts });
  store.setState(id, state, "", null);
}

function stand(
  sequence: number,
  previous: string | null,
  more: Partial<Envelope> & { sha256?: string } = {},
) {
  const { sha256 = hash("e"), ...fields } = more;
  const envelope = {
    sequence,
    previous,
    from: { station: "", key: "", lineage },
    voids: [],
    ...fields,
  } as unknown as Envelope;
  return standingOf(ledgerView(store), store, peer, envelope, sha256);
}

describe("the place of a batch in its sender's chain", () => {
  test("the first is next, and so is the one after what is done with", () => {
    expect(stand(1, null)).toMatchObject({ kind: "next", row: null, note: "" });
    known(1, hash("1"), "imported");
    known(2, hash("2"), "refused");
    expect(stand(3, hash("2"))).toMatchObject({ kind: "next" });
  });

  test("the same again while it is open goes on where it stopped", () => {
    known(1, hash("e"), "importing");
    expect(stand(1, null)).toMatchObject({ kind: "next", row: { state: "importing" } });
  });

  test("known hashes are told apart by what became of them", () => {
    known(1, hash("e"), "imported");
    expect(stand(1, null).kind).toBe("already-imported");
    known(2, hash("f"), "refused");
    expect(stand(2, hash("e"), { sha256: hash("f") }).kind).toBe("already-refused");
  });

  test("a number that was skipped unseen is older than expected, whatever comes", () => {
    known(1, null, "skipped");
    expect(stand(1, null).kind).toBe("older-than-expected");
  });

  test("after a number that was skipped unseen any previous is taken and noted", () => {
    known(1, null, "skipped");
    expect(stand(2, hash("9"))).toMatchObject({ kind: "next", note: expect.stringContaining(hash("9")) });
  });

  test("another hash for a known number is a fork, also while that number is open", () => {
    for (const [index, state] of (
      ["imported", "refused", "importing", "verified", "held"] as const
    ).entries()) {
      known(index + 1, hash("1"), state);
      expect(stand(index + 1, index === 0 ? null : hash("1")).kind, state).toBe("fork");
    }
  });

  test("the next number with another previous is a fork", () => {
    known(1, hash("1"), "imported");
    expect(stand(2, hash("2")).kind).toBe("fork");
  });

  test("missing numbers are named in runs, without those that wait verified", () => {
    known(1, hash("1"), "imported");
    known(4, hash("4"), "verified");
    expect(stand(8, hash("7"))).toMatchObject({ kind: "missing-before", missing: ["2 to 3", "5 to 7"] });
    expect(stand(3, hash("2"))).toMatchObject({ kind: "missing-before", missing: ["2"] });
  });

  test("a jump to the end of the numbers is named without walking there", () => {
    const far = Number.MAX_SAFE_INTEGER;
    expect(stand(far, hash("1"))).toMatchObject({
      kind: "missing-before",
      missing: [`1 to 1000`, `1001 to ${far - 1}`],
    });
  });

  test("voided numbers count as done, and the next follows the hash given there", () => {
    const voids = [
      { sequence: 1, sha256: hash("1") },
      { sequence: 2, sha256: hash("2") },
    ];
    expect(stand(3, hash("2"), { voids })).toMatchObject({ kind: "next", voids });
    expect(stand(3, hash("3"), { voids }).kind).toBe("fork");
  });

  test("a void for an imported number, or with another hash than the one held, is a fork", () => {
    known(1, hash("1"), "imported");
    expect(stand(2, hash("1"), { voids: [{ sequence: 1, sha256: hash("1") }] }).kind).toBe("fork");
    known(2, hash("2"), "refused");
    expect(stand(3, hash("2"), { voids: [{ sequence: 2, sha256: hash("8") }] }).kind).toBe("fork");
  });

  test("a void for a refused or skipped number with its known hash changes nothing", () => {
    known(1, hash("1"), "refused");
    known(2, null, "skipped");
    const voids = [
      { sequence: 1, sha256: hash("1") },
      { sequence: 2, sha256: hash("2") },
    ];
    expect(stand(3, hash("2"), { voids })).toMatchObject({ kind: "next", voids: [] });
  });

  test("a batch that was voided is too old when it comes with its hash, and a fork with another", () => {
    known(1, hash("1"), "voided");
    expect(stand(1, null, { sha256: hash("1") }).kind).toBe("older-than-expected");
    expect(stand(1, null).kind).toBe("fork");
  });

  test("of another lineage only what was done with before is known, all else is held", () => {
    known(1, hash("1"), "imported");
    known(2, hash("2"), "refused");
    known(3, hash("3"), "verified");
    store.takeLineage(peer.id, "fedcba9876543210");
    expect(stand(1, null, { sha256: hash("1") }).kind).toBe("already-imported");
    expect(stand(2, hash("1"), { sha256: hash("2") }).kind).toBe("already-refused");
    expect(stand(3, hash("2"), { sha256: hash("3") }).kind).toBe("held");
    expect(stand(1, null, { from: { station: "", key: "", lineage: "fedcba9876543210" } }).kind).toBe("next");
  });
});
