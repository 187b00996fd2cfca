import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BagRow } from "../support/answers.ts";
import { allQuarantined, allRequests } from "../support/stations.ts";
import { encryptAge } from "./forge/age.ts";
import { partOf, seal } from "./forge/batch.ts";
import type { Loose, Sealed } from "./forge/batch.ts";
import { cardOf, makeIdentity } from "./forge/identity.ts";
import { rewrite } from "./forge/bag.ts";
import { requestLine, sha256Hex } from "./forge/records.ts";
import { freshId, harmlessPart, lay, ledgerOf, moveOn, openScene, read, rowOf, sealNext } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** Step 3 and replays: what the ledger of the reader makes of numbers, hashes and lineages. */

const root = mkdtempSync(join(tmpdir(), "hostile-ledger-"));
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(root, "response");
}, 60_000);

/** Imports some sealed batches from one medium of their own; rows in the given order. */
async function importAll(...batches: readonly Sealed[]): Promise<BagRow[]> {
  const medium = scene.newMedium();
  const bags = batches.map((sealed) => lay(medium, sealed));
  const rows = await read(scene, "import", medium);
  expect(rows).toHaveLength(bags.length);
  return bags.map((bag) => rowOf(rows, bag));
}
async function importOne(sealed: Sealed): Promise<BagRow> {
  const [row] = await importAll(sealed);
  if (row === undefined) throw new Error("no row");
  return row;
}
/** Seals and imports the next honest batch, to see that the peer goes on. */
async function goesOn(lane: Lane): Promise<void> {
  const sealed = sealNext(scene, lane);
  expect(await importOne(sealed)).toMatchObject({ state: "imported", used: true, imported: 1 });
  moveOn(lane, sealed);
}
async function importNext(
  lane: Lane,
  ...more: [Parameters<typeof sealNext>[2]?, Parameters<typeof sealNext>[3]?]
): Promise<Sealed> {
  const sealed = sealNext(scene, lane, ...more);
  await importOne(sealed);
  moveOn(lane, sealed);
  return sealed;
}
const voiding = (...voids: { sequence: number; sha256: string }[]) => ({
  envelope: (envelope: Loose) => void (envelope["voids"] = voids),
});

describe("replay", () => {
  test("the same stick twice is already imported, and nothing lands twice", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane);
    const medium = scene.newMedium();
    const bag = lay(medium, sealed);
    await read(scene, "import", medium);
    const before = (await allRequests(scene)).length;
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, bag)).toMatchObject({
      state: "already-imported",
      reason: "already-imported",
      used: true,
    });
    expect((await allRequests(scene)).length).toBe(before);
    moveOn(lane, sealed);
    await goesOn(lane);
  });

  test("a refused batch presented again is already refused", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane, [{ ...harmlessPart(), records: 9 }]);
    expect(await importOne(sealed)).toMatchObject({ state: "refused", reason: "record-count", used: true });
    expect(await importOne(sealed)).toMatchObject({
      state: "already-refused",
      reason: "already-refused",
      used: true,
    });
    moveOn(lane, sealed);
    await goesOn(lane);
  });

  test("two whole volumes of one batch on one stick land once and both show its counts", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane, [partOf([requestLine(freshId()), requestLine(freshId())])]);
    const medium = scene.newMedium();
    const bags = [lay(medium, sealed), lay(medium, sealed, { volume: 2, volumeCount: 2 })];
    const rows = await read(scene, "import", medium);
    for (const bag of bags) expect(rowOf(rows, bag)).toMatchObject({ state: "imported", imported: 2 });
  });

  test("inspect records nothing and sees what import would", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane);
    const medium = scene.newMedium();
    const bag = lay(medium, sealed);
    for (let round = 0; round < 2; round++) {
      const rows = await read(scene, "inspect", medium);
      expect(rowOf(rows, bag)).toMatchObject({ state: "verified", reason: null, used: false });
    }
    expect(await ledgerOf(scene, lane)).toEqual([]);
    await importOne(sealed);
    const rows = await read(scene, "inspect", medium);
    expect(rowOf(rows, bag)).toMatchObject({ state: "already-imported", used: true });
  });
});

describe("forks", () => {
  test("a known number with another hash", async () => {
    const lane = await scene.newLane();
    const twin = sealNext(scene, lane);
    const first = await importNext(lane);
    expect(await importOne(twin)).toMatchObject({ state: "fork", reason: "fork", used: false });
    const held = (await ledgerOf(scene, lane)).find((row) => row.sha256 === first.sha256);
    expect(held?.state).toBe("imported");
    await goesOn(lane);
  });

  test("a refused number with another hash", async () => {
    const lane = await scene.newLane();
    const twin = sealNext(scene, lane);
    await importNext(lane, [{ ...harmlessPart(), records: 9 }]);
    expect(await importOne(twin)).toMatchObject({ state: "fork", used: false });
    await goesOn(lane);
  });

  test("the next number with another previous", async () => {
    const lane = await scene.newLane();
    await importNext(lane);
    const sealed = sealNext(scene, lane, undefined, {}, { previous: sha256Hex("another") });
    expect(await importOne(sealed)).toMatchObject({ state: "fork", used: false });
    await goesOn(lane);
  });

  test("two batches with the same number on one stick: one lands, the other is a fork", async () => {
    const lane = await scene.newLane();
    const rows = await importAll(sealNext(scene, lane), sealNext(scene, lane));
    expect(rows.map((row) => row.state).toSorted()).toEqual(["fork", "imported"]);
  });

  test("previous is null exactly at 1", async () => {
    const lane = await scene.newLane();
    const early = sealNext(scene, lane, undefined, {}, { previous: sha256Hex("x") });
    expect(await importOne(early)).toMatchObject({ state: "refused", reason: "bad-envelope", used: false });
    await importNext(lane);
    const late = sealNext(scene, lane, undefined, {}, { previous: null });
    expect(await importOne(late)).toMatchObject({ state: "refused", reason: "bad-envelope", used: false });
    await goesOn(lane);
  });
});

describe("gaps", () => {
  test("a batch above the next number waits, and lands when the others came", async () => {
    const lane = await scene.newLane();
    const batches = [1, 2, 3].map(() => {
      const sealed = sealNext(scene, lane);
      moveOn(lane, sealed);
      return sealed;
    });
    const [first, second, third] = batches as [Sealed, Sealed, Sealed];
    const before = (await allRequests(scene)).length;
    expect(await importOne(third)).toMatchObject({
      state: "missing-before",
      reason: "missing-before",
      used: false,
    });
    expect((await allRequests(scene)).length).toBe(before);
    const states = (await importAll(first, second)).map((row) => row.state);
    expect(states).toEqual(["imported", "imported"]);
    expect((await importOne(third)).state).toMatch(/^(already-)?imported$/);
    expect((await allRequests(scene)).length).toBe(before + 3);
    await goesOn(lane);
  });

  test("three batches on one stick land in the order of their numbers", async () => {
    const lane = await scene.newLane();
    const batches = [1, 2, 3].map(() => {
      const sealed = sealNext(scene, lane);
      moveOn(lane, sealed);
      return sealed;
    });
    const rows = await importAll(...batches.toReversed());
    expect(rows.map((row) => row.state)).toEqual(["imported", "imported", "imported"]);
  });

  test("a jump by a million blocks nothing", async () => {
    const lane = await scene.newLane();
    await importNext(lane);
    const far = sealNext(scene, lane, undefined, {}, { sequence: 1_000_001 });
    expect(await importOne(far)).toMatchObject({ state: "missing-before", used: false });
    await goesOn(lane);
  });

  test("a jump to the last number there is blocks nothing", async () => {
    const lane = await scene.newLane();
    await importNext(lane);
    const far = sealNext(scene, lane, undefined, {}, { sequence: Number.MAX_SAFE_INTEGER });
    expect(await importOne(far)).toMatchObject({ state: "missing-before", used: false });
    await goesOn(lane);
  });
});

describe("voids", () => {
  test("a voided number counts as done, and the batch itself comes too late", async () => {
    const lane = await scene.newLane();
    const given = sealNext(scene, lane);
    const twin = sealNext(scene, lane);
    moveOn(lane, given);
    await importNext(lane, undefined, voiding({ sequence: 1, sha256: given.sha256 }));
    expect(await importOne(given)).toMatchObject({
      state: "older-than-expected",
      reason: "older-than-expected",
      used: false,
    });
    expect(await importOne(twin)).toMatchObject({ state: "fork", used: false });
    await goesOn(lane);
  });

  test("previous of the next batch is the hash given in the void", async () => {
    const lane = await scene.newLane();
    const given = sealNext(scene, lane);
    moveOn(lane, given);
    const wrong = sealNext(scene, lane, undefined, voiding({ sequence: 1, sha256: given.sha256 }), {
      previous: sha256Hex("x"),
    });
    expect(await importOne(wrong)).toMatchObject({ state: "fork", used: false });
    await importNext(lane, undefined, voiding({ sequence: 1, sha256: given.sha256 }));
    await goesOn(lane);
  });

  test("a void for an imported number is a fork", async () => {
    const lane = await scene.newLane();
    const first = await importNext(lane);
    const sealed = sealNext(scene, lane, undefined, voiding({ sequence: 1, sha256: first.sha256 }));
    expect(await importOne(sealed)).toMatchObject({ state: "fork", used: false });
    await goesOn(lane);
  });

  test("a void with another hash than the one refused is a fork", async () => {
    const lane = await scene.newLane();
    await importNext(lane, [{ ...harmlessPart(), records: 9 }]);
    const sealed = sealNext(scene, lane, undefined, voiding({ sequence: 1, sha256: sha256Hex("x") }));
    expect(await importOne(sealed)).toMatchObject({ state: "fork", used: false });
    await goesOn(lane);
  });

  test("a void of a refused number with its known hash changes nothing", async () => {
    const lane = await scene.newLane();
    const refusedBatch = await importNext(lane, [{ ...harmlessPart(), records: 9 }]);
    const sealed = sealNext(scene, lane, undefined, voiding({ sequence: 1, sha256: refusedBatch.sha256 }));
    expect(await importOne(sealed)).toMatchObject({ state: "imported", used: true });
    expect(await importOne(refusedBatch)).toMatchObject({ state: "already-refused" });
    moveOn(lane, sealed);
    await goesOn(lane);
  });
});

describe("what is held", () => {
  test("another lineage waits for a person, and the old one goes on", async () => {
    const lane = await scene.newLane();
    await importNext(lane);
    const restored = seal({
      from: lane.identity,
      to: scene.reader,
      sequence: 1,
      previous: null,
      parts: [harmlessPart()],
      lineage: "0123456789abcdef",
    });
    expect(await importOne(restored)).toMatchObject({ state: "held", reason: "held", used: false });
    await goesOn(lane);
  });

  test("an accepted lineage begins at 1, and what is left of the old one is known or held", async () => {
    const lane = await scene.newLane();
    const first = await importNext(lane);
    const unseen = sealNext(scene, lane);
    const lineage = "fedcba9876543210";
    const restored: Lane = { identity: { ...lane.identity, lineage }, sequence: 1, previous: null };
    const early = sealNext(scene, restored);
    expect(await importOne(early)).toMatchObject({ state: "held", used: false });
    await scene.call("peers", "acceptLineage", { peer: lane.identity.name, lineage });
    expect(await importOne(early)).toMatchObject({ state: "imported", used: true });
    moveOn(restored, early);
    await goesOn(restored);
    expect(await importOne(first)).toMatchObject({ state: "already-imported", used: true });
    expect(await importOne(unseen)).toMatchObject({ state: "held", used: false });
  });

  test("a number that a person skipped is passed over, and comes too late afterwards", async () => {
    const lane = await scene.newLane();
    const lost = sealNext(scene, lane);
    moveOn(lane, lost);
    const next = sealNext(scene, lane);
    expect(await importOne(next)).toMatchObject({ state: "missing-before" });
    await scene.call("transfer", "skip", {
      peer: lane.identity.name,
      sequence: 1,
      note: "the stick was lost",
    });
    expect((await importOne(next)).state).toMatch(/^(already-)?imported$/);
    expect(await importOne(lost)).toMatchObject({ state: "older-than-expected", used: false, imported: 0 });
    moveOn(lane, next);
    await goesOn(lane);
  });

  test("attachments are held, for this reader has no place for them yet", async () => {
    const lane = await scene.newLane();
    const file = Buffer.from("an attachment");
    const sealed = sealNext(scene, lane, [harmlessPart(), { plain: file, records: 0 }], {
      manifest: (manifest) => {
        delete (manifest["parts"] as Loose[])[1]?.["records"];
        manifest["files"] = [
          { sha256: sha256Hex(file), bytes: file.length, parts: ["data/part-00002.zst.age"] },
        ];
      },
    });
    expect(await importOne(sealed)).toMatchObject({
      state: "held",
      reason: "held",
      used: false,
      imported: 0,
    });
  });
});

describe("who may send", () => {
  test("a peer whose phrase nobody compared is an untrusted signer", async () => {
    const identity = makeIdentity("pending-peer", "request");
    await scene.call("peers", "add", { card: cardOf(identity) });
    const lane: Lane = { identity, sequence: 1, previous: null };
    expect(await importOne(sealNext(scene, lane))).toMatchObject({
      state: "refused",
      reason: "untrusted-signer",
      used: false,
    });
  });

  test("a revoked peer is a revoked signer, also with a batch that was sealed before", async () => {
    const lane = await scene.newLane();
    await importNext(lane);
    const sealed = sealNext(scene, lane);
    await scene.call("peers", "revoke", { peer: lane.identity.name });
    expect(await importOne(sealed)).toMatchObject({
      state: "refused",
      reason: "revoked-signer",
      used: false,
    });
  });

  test("another trusted peer's ciphertext in its own bag", async () => {
    const [victim, thief] = [await scene.newLane(), await scene.newLane()];
    const theirs = sealNext(scene, victim);
    const stolen = sealNext(scene, thief, undefined, {
      encrypt: (_, part) => [...theirs.parts.values()][part] ?? Buffer.alloc(0),
    });
    expect(await importOne(stolen)).toMatchObject({
      state: "refused",
      reason: "manifest-of-another-batch",
      used: true,
    });
    moveOn(thief, stolen);
    expect(await importOne(theirs)).toMatchObject({ state: "imported", imported: 1 });
    moveOn(victim, theirs);
    await goesOn(victim);
    await goesOn(thief);
  });

  test("another trusted peer's records part under an own manifest", async () => {
    const [victim, thief] = [await scene.newLane(), await scene.newLane()];
    const theirs = sealNext(scene, victim);
    const stolen = sealNext(scene, thief, undefined, {
      encrypt: (compressed, part) => {
        if (part === 1) return [...theirs.parts.values()][1] ?? Buffer.alloc(0);
        return encryptAge(compressed, scene.reader.ageRecipient);
      },
    });
    const row = await importOne(stolen);
    expect(row).toMatchObject({ state: "refused", used: true, imported: 0 });
    expect(["plain-size", "plain-mismatch"]).toContain(row.reason);
  });

  test("one trusted peer naming another as its sender", async () => {
    const [victim, thief] = [await scene.newLane(), await scene.newLane()];
    const sealed = sealNext(scene, thief, undefined, {
      envelope: (envelope) => {
        envelope["from"] = {
          station: victim.identity.station,
          key: victim.identity.signing.fingerprint,
          lineage: victim.identity.lineage,
        };
      },
    });
    expect(await importOne(sealed)).toMatchObject({
      state: "refused",
      reason: "from-is-not-signer",
      used: false,
    });
    await goesOn(victim);
    await goesOn(thief);
  });
});

describe("times that no calendar has", () => {
  test("are refused or kept, and whatever shows them goes on working", async () => {
    const lane = await scene.newLane();
    const never = "2026-13-45T25:61:61.000Z";
    const lines = [requestLine(freshId()).replace("2026-11-21T08:00:00.000Z", never), requestLine(freshId())];
    await importNext(lane, [partOf(lines)]);
    const sealed = sealNext(scene, lane, undefined, {
      envelope: (envelope) => void (envelope["createdAt"] = never),
    });
    const medium = scene.newMedium();
    lay(medium, sealed, {
      changes: {
        tags: (files) => rewrite(files, "bag-info.txt", (text) => text.replace("2026-11-21", "2026-13-45")),
      },
    });
    const [row] = await read(scene, "import", medium);
    expect(["imported", "refused"]).toContain(row?.state);
    expect((await allRequests(scene)).length).toBeGreaterThan(0);
    await scene.call("transfer", "history", { limit: 100 });
    await scene.call("transfer", "explain", { medium });
    await scene.call("requests", "run");
    await scene.call("transfer", "export", { to: lane.identity.name, medium: scene.newMedium() });
  });
});

describe("records across batches", () => {
  test("the same key and bytes are a duplicate, other bytes are a conflict, and the first stays", async () => {
    const lane = await scene.newLane();
    const first = requestLine(freshId(), '{"first":true}');
    await importNext(lane, [partOf([first])]);
    const other = first.replace("true", "false");
    const own = requestLine(freshId());
    const sealed = sealNext(scene, lane, [partOf([first, other, own, own, own.replace('"n":1', '"n":2')])]);
    const row = await importOne(sealed);
    expect(row).toMatchObject({ state: "imported", imported: 1, duplicate: 2, quarantined: 2 });
    const lines = (await allQuarantined(scene)).filter((line) => line.batch === sealed.id);
    expect(lines.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "conflict"],
      [5, "conflict"],
    ]);
  });

  test("two peers may use the same id", async () => {
    const id = freshId();
    const [one, two] = [await scene.newLane(), await scene.newLane()];
    const rows = await importAll(
      sealNext(scene, one, [partOf([requestLine(id, "1")])]),
      sealNext(scene, two, [partOf([requestLine(id, "2")])]),
    );
    expect(rows.map((row) => [row.state, row.imported])).toEqual([
      ["imported", 1],
      ["imported", 1],
    ]);
    // Neither is shown, or answered for, in the other's place.
    await expect(scene.call("requests", "show", { request: id })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`${one.identity.name} and ${two.identity.name} each sent`),
    });
    const [first, second] = [one.identity.name, two.identity.name];
    expect(await scene.call("requests", "show", { request: id, peer: first })).toMatchObject({ body: "1" });
    await scene.call("requests", "run", {});
    await expect(scene.call("responses", "get", { request: id })).rejects.toMatchObject({ code: "conflict" });
    expect(await scene.call("responses", "get", { request: id, peer: second })).toMatchObject({ body: "2" });
    await expect(scene.call("responses", "get", { request: id, peer: "nobody" })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("white space between tokens makes other bytes", async () => {
    const lane = await scene.newLane();
    const line = requestLine(freshId());
    const sealed = sealNext(scene, lane, [partOf([line, line.replace(",", ", ")])]);
    expect(await importOne(sealed)).toMatchObject({ imported: 1, duplicate: 0, quarantined: 1 });
  });
});
