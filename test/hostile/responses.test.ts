import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answered, BagRow, Exported } from "../support/answers.ts";
import { allQuarantined, allRequests } from "../support/stations.ts";
import { bodies } from "../support/bodies.ts";
import { partOf } from "./forge/batch.ts";
import { makeSigningKey } from "./forge/identity.ts";
import { openBag } from "./forge/reader.ts";
import type { OpenedBag } from "./forge/reader.ts";
import { line, receiptRecord, requestLine, responseRecord, sha256Hex } from "./forge/records.ts";
import type { ReceiptPayload } from "./forge/records.ts";
import { freshId, lay, ledgerOf, moveOn, openScene, read, rowOf, sealNext } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** The side that asks, under attack by the side that answers: responses and receipts. */

const root = mkdtempSync(join(tmpdir(), "hostile-responses-"));
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

let scene: Scene;
let lane: Lane;
let other: Lane;
/** Ids of requests that were sealed for `lane`, for `other`, and for nobody yet. */
let asked: string[];
let askedElsewhere: string[];
let waiting: string[];
let opened: OpenedBag;
let exportMedium: string;
let exportBag: string;

async function submit(lines: readonly string[]): Promise<string[]> {
  const text = `${lines.join("\n")}\n`;
  const input = { kind: "echo", user: "alice", source: { text } };
  return (await scene.call<{ ids: string[] }>("requests", "submit", input)).ids;
}

async function exportTo(peer: Lane): Promise<{ medium: string; output: Exported }> {
  const medium = scene.newMedium();
  const input = { to: peer.identity.name, medium };
  return { medium, output: await scene.call<Exported>("transfer", "export", input) };
}

beforeAll(async () => {
  scene = await openScene(root, "request");
  lane = await scene.newLane();
  other = await scene.newLane();
  asked = await submit([...bodies, ...bodies.map((body) => `[${body}]`)]);
  const sent = await exportTo(lane);
  exportMedium = sent.medium;
  exportBag = sent.output.volumes[0] ?? "";
  opened = openBag(join(exportMedium, "sallyport", exportBag), lane.identity.age.identity);
  askedElsewhere = await submit(['{"for":"other"}']);
  await exportTo(other);
  waiting = await submit(['{"not":"sealed"}']);
}, 120_000);

/** Sends lines as one batch of a peer; the row and the quarantine of that batch by line. */
async function send(
  lines: readonly string[],
  from: Lane = lane,
): Promise<{ row: BagRow; reasons: (string | null)[] }> {
  const sealed = sealNext(scene, from, [partOf(lines)]);
  const medium = scene.newMedium();
  const bag = lay(medium, sealed);
  const rows = await read(scene, "import", medium);
  moveOn(from, sealed);
  const bad = (await allQuarantined(scene)).filter((row) => row.batch === sealed.id);
  const reasons = lines.map((_, index) => bad.find((row) => row.line === index + 1)?.reason ?? null);
  return { row: rowOf(rows, bag), reasons };
}

const response = (request: string, body: unknown = { ok: 1 }, changes: object = {}): string =>
  line({ ...responseRecord(freshId("a"), request, body), ...changes });

describe("what was exported", () => {
  test("opens with stock tools as exactly what was submitted", () => {
    const sent = opened.lines.map((text) => JSON.parse(text) as { type: string; id: string });
    expect(sent.filter(({ type }) => type === "request").map(({ id }) => id)).toEqual(asked);
    const texts = opened.lines.map((text) => text.slice(text.indexOf('"body":') + 7, -1));
    expect(texts).toEqual([...bodies, ...bodies.map((body) => `[${body}]`)]);
  });

  test("its envelope and manifest agree with the page", () => {
    expect(opened.envelope).toMatchObject({
      format: "sallyport-batch@v1",
      direction: "request-to-response",
      sequence: 1,
      previous: null,
      parity: [],
      voids: [],
      to: { station: lane.identity.station, key: lane.identity.signing.fingerprint },
    });
    expect(opened.manifest).toMatchObject({
      batch: opened.envelope["id"],
      to: lane.identity.station,
      counts: { request: asked.length },
      files: [],
      have: { lineage: null, through: 0, also: [], safeThrough: 0 },
    });
  });

  test("presented to its own author it is own, and left unread", async () => {
    const rows = await read(scene, "import", exportMedium);
    expect(rowOf(rows, exportBag)).toMatchObject({ state: "own", reason: "own", used: false });
  });

  test("a forged volume of it is own as well, whatever it holds", async () => {
    const medium = scene.newMedium();
    const sealed = sealNext(scene, lane, [partOf(["no"])]);
    const bag = lay(medium, sealed, { directory: exportBag.replace(/\.v1$/, ".v7") });
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, bag)).toMatchObject({ state: "own", reason: "own", used: false });
  });
});

describe("responses", () => {
  test("each body comes home byte for byte", async () => {
    const lines = bodies.map((body, index) => {
      const head = line(responseRecord(freshId("a"), asked[index] ?? "", 0)).slice(0, -2);
      return `${head}${body}}`;
    });
    expect((await send(lines)).row).toMatchObject({ state: "imported", imported: lines.length });
    for (const [index, body] of bodies.entries()) {
      const answered = await scene.call<Answered>("responses", "get", { request: asked[index] });
      expect(answered).toMatchObject({ request: asked[index], status: "ok", body });
    }
  }, 60_000);

  test("one request takes one answer", async () => {
    const request = asked[bodies.length] ?? "";
    const first = response(request);
    const { row, reasons } = await send([first, response(request), first, response(asked[0] ?? "")]);
    expect(row).toMatchObject({ state: "imported", imported: 1, duplicate: 1, quarantined: 2 });
    expect(reasons).toEqual([null, "already-answered", null, "already-answered"]);
  });

  test("only what was sealed for this very peer may be answered", async () => {
    const lines = ["r-nope", ...askedElsewhere, ...waiting].map((id) => response(id));
    expect((await send(lines)).reasons).toEqual(["unknown-request", "unknown-request", "unknown-request"]);
    expect(
      (
        await send(
          askedElsewhere.map((id) => response(id)),
          other,
        )
      ).row,
    ).toMatchObject({ imported: 1 });
  });

  test("an error carries a code and a message and nothing else", async () => {
    const request = asked[bodies.length + 1] ?? "";
    const error = (body: unknown): string => response(request, body, { status: "error" });
    const lines = [
      error("text"),
      error({ code: "x" }),
      error({ code: "x", message: "y", more: 1 }),
      error({ code: 1, message: "y" }),
      error({ code: "not-found", message: "Nothing was found." }),
    ];
    expect((await send(lines)).reasons).toEqual([
      "bad-record",
      "bad-record",
      "bad-record",
      "bad-record",
      null,
    ]);
    expect(await scene.call<Answered>("responses", "get", { request })).toMatchObject({ status: "error" });
  });

  test("shapes and directions are checked before the request is looked up", async () => {
    const request = asked[bodies.length + 2] ?? "";
    const faults: [string, string][] = [
      [response(request, 1, { revision: 2 }), "bad-record"],
      [response(request, 1, { status: "maybe" }), "bad-record"],
      [response(request, 1, { user: "alice" }), "bad-record"],
      [response("../r", 1), "bad-record"],
      [response("r-nope", 1, { extra: 1 }), "bad-record"],
      [requestLine(freshId()), "wrong-direction"],
    ];
    expect((await send(faults.map(([text]) => text))).reasons).toEqual(faults.map(([, reason]) => reason));
    expect((await send([response(request)])).row).toMatchObject({ imported: 1 });
  });
});

describe("receipts", () => {
  const truth = (changes: Partial<ReceiptPayload> = {}): ReceiptPayload => ({
    batch: String(opened.envelope["id"]),
    batchSha256: sha256Hex(opened.envelopeBytes),
    sequence: 1,
    state: "imported",
    reason: null,
    counts: { imported: asked.length, duplicate: 0, quarantined: 0 },
    people: "one",
    page: 1,
    pages: 1,
    exceptions: [],
    ...changes,
  });
  const receipt = (
    payload: ReceiptPayload | string,
    options: Parameters<typeof receiptRecord>[2] = {},
  ): string => line(receiptRecord(lane.identity, payload, options));
  const zeros = { imported: 0, duplicate: 0, quarantined: 0 };

  test("a receipt that does not tell the truth changes nothing", async () => {
    const stranger = { ...lane.identity, signing: makeSigningKey() };
    const open = truth() as unknown as Record<string, unknown>;
    const ghost = { batch: "b000001-0123456789abcdef" };
    const faults: [string, string][] = [
      [receipt(truth(ghost)), "unknown-batch"],
      [receipt(truth({ batchSha256: sha256Hex("x") })), "receipt-mismatch"],
      [receipt(truth({ sequence: 2 })), "receipt-mismatch"],
      [receipt(truth({ counts: { ...zeros, imported: asked.length + 1 } })), "receipt-mismatch"],
      [receipt(truth({ counts: zeros })), "receipt-mismatch"],
      [line(receiptRecord(stranger, truth())), "receipt-mismatch"],
      [receipt(truth(), { namespace: "sallyport-batch@v1" }), "receipt-mismatch"],
      [receipt(truth(), { signature: { rawSignature: () => Buffer.alloc(64) } }), "receipt-mismatch"],
      [receipt(truth(), { changes: { signature: "no signature" } }), "receipt-mismatch"],
      [receipt(truth({ state: "refused", reason: "record-count" })), "bad-record"],
      [receipt(truth({ state: "eaten" })), "bad-record"],
      [receipt(truth({ people: "three" })), "bad-record"],
      [receipt(truth({ page: 2 })), "bad-record"],
      [receipt(truth({ counts: { ...zeros, imported: -1 } })), "bad-record"],
      [receipt(JSON.stringify({ ...open, extra: 1 })), "bad-record"],
      [receipt(JSON.stringify(truth()).replace('"sequence":1', '"sequence":1.0')), "bad-record"],
      [receipt("no JSON"), "bad-record"],
      [receipt(truth(), { changes: { id: "r-1" } }), "bad-record"],
      [receipt(truth(), { changes: { id: `${truth().batch}.verified.1` } }), "bad-record"],
      [receipt(truth(), { changes: { extra: 1 } }), "bad-record"],
      [
        receipt(truth(), { changes: { payload: JSON.stringify(truth({ people: "two" })) } }),
        "receipt-mismatch",
      ],
    ];
    const { reasons } = await send(faults.map(([text]) => text));
    expect(reasons).toEqual(faults.map(([, reason]) => reason));
    const [row] = (await ledgerOf(scene, lane)).filter((entry) => entry.sha256 === truth().batchSha256);
    expect(["sealed", "copied"]).toContain(row?.state);
  });

  test("another peer's receipt for this batch is for an unknown batch", async () => {
    const { reasons } = await send([line(receiptRecord(other.identity, truth()))], other);
    expect(["unknown-batch", "receipt-mismatch"]).toContain(reasons[0]);
  });

  test("a true receipt settles the batch once", async () => {
    const settled = receipt(truth());
    const { row } = await send([settled, settled]);
    expect(row).toMatchObject({ state: "imported", imported: 1, duplicate: 1, quarantined: 0 });
    const [entry] = (await ledgerOf(scene, lane)).filter((one) => one.sha256 === truth().batchSha256);
    expect(entry?.state).toBe("imported");
    const mine = (await allRequests(scene)).filter((request) => asked.includes(request.id));
    expect(new Set(mine.map((request) => request.state))).toEqual(new Set(["imported", "answered"]));
  });

  test("a settled batch is not carried again", async () => {
    const { output } = await exportTo(lane);
    expect(output.again.map((written) => written.batch)).not.toContain(truth().batch);
  });
});

describe("a batch that the peer refuses", () => {
  test("sends its requests to be sealed again", async () => {
    const peer = await scene.newLane();
    const [id] = await submit(['{"will":"be refused"}']);
    const sent = await exportTo(peer);
    const bag = join(sent.medium, "sallyport", sent.output.volumes[0] ?? "");
    const first = openBag(bag, peer.identity.age.identity);
    const payload: ReceiptPayload = {
      batch: String(first.envelope["id"]),
      batchSha256: sha256Hex(first.envelopeBytes),
      sequence: 1,
      state: "refused",
      reason: "plain-mismatch",
      counts: { imported: 0, duplicate: 0, quarantined: 0 },
      people: "one",
      page: 1,
      pages: 1,
      exceptions: [],
    };
    expect((await send([line(receiptRecord(peer.identity, payload))], peer)).row).toMatchObject({
      imported: 1,
    });
    const again = await exportTo(peer);
    expect(again.output).toMatchObject({ sequence: 2 });
    const second = openBag(
      join(again.medium, "sallyport", again.output.volumes[0] ?? ""),
      peer.identity.age.identity,
    );
    expect(second.envelope).toMatchObject({ previous: payload.batchSha256 });
    expect(second.lines.some((text) => text.includes(`"id":"${id}"`))).toBe(true);
    expect(second.manifest["have"]).toMatchObject({ lineage: peer.identity.lineage, through: 1 });
  }, 60_000);
});

describe("have", () => {
  const claims = (have: object): Parameters<typeof sealNext>[3] => ({
    manifest: (manifest) => void (manifest["have"] = have),
  });

  test("settles batches of receipts alone, and no others", async () => {
    const peer = await scene.newLane();
    await submit(['{"first":"batch"}']);
    const first = await exportTo(peer);
    const ours = openBag(
      join(first.medium, "sallyport", first.output.volumes[0] ?? ""),
      peer.identity.age.identity,
    );
    const lineage = (ours.envelope["from"] as { lineage: string }).lineage;
    // Something to be answered by a receipt, so that the next batch holds nothing else.
    await send([requestLine(freshId())], peer);
    const { output } = await exportTo(peer);
    expect(output).toMatchObject({ sequence: 2, records: 1 });

    const states = async (): Promise<string[]> =>
      (await ledgerOf(scene, peer))
        .filter((row) => row.direction === "request-to-response")
        .map((row) => row.state);
    const before = await states();
    for (const have of [
      { lineage: "0123456789abcdef", through: 2, also: [], safeThrough: 0 },
      { lineage, through: 999, also: [], safeThrough: 0 },
    ]) {
      const sealed = sealNext(scene, peer, undefined, claims(have));
      const medium = scene.newMedium();
      lay(medium, sealed);
      await read(scene, "import", medium);
      moveOn(peer, sealed);
      expect(await states()).toEqual(before);
    }
    const sealed = sealNext(
      scene,
      peer,
      undefined,
      claims({ lineage, through: 2, also: [], safeThrough: 0 }),
    );
    const medium = scene.newMedium();
    lay(medium, sealed);
    await read(scene, "import", medium);
    expect(await states()).toEqual([before[0], "imported"]);
  }, 60_000);
});
