import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BagRow, Exported, QuarantineRow } from "../support/answers.ts";
import { allQuarantined, allRequests } from "../support/stations.ts";
import { bodyOf, hostileLines, idOf } from "./cases/lines.ts";
import type { HostileLine } from "./cases/lines.ts";
import { partName, partOf } from "./forge/batch.ts";
import { openBag } from "./forge/reader.ts";
import { lay, moveOn, openScene, read, rowOf, sealNext } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** All hostile lines cross in one batch; each is a test about what became of it. */

const root = mkdtempSync(join(tmpdir(), "hostile-lines-"));
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

let scene: Scene;
let lane: Lane;
let row: BagRow;
let quarantined: QuarantineRow[];
let landed: Set<string>;

beforeAll(async () => {
  scene = await openScene(root, "response");
  lane = await scene.lane();
  const sealed = sealNext(scene, lane, [partOf(hostileLines.map(({ bytes }) => bytes as never))]);
  const medium = scene.newMedium();
  const bag = lay(medium, sealed);
  const rows = await read(scene, "import", medium);
  moveOn(lane, sealed);
  row = rowOf(rows, bag);
  quarantined = await allQuarantined(scene);
  landed = new Set((await allRequests(scene)).map((request) => request.id));
}, 120_000);

const good = hostileLines.filter(({ reason }) => reason === null);
const bad = hostileLines.filter(({ reason }) => reason !== null);
const numberOf = (line: HostileLine): number => hostileLines.indexOf(line) + 1;

describe("step 5: one line each", () => {
  test.each(good.map((line) => [line.name, line] as const))("%s", (_, line) => {
    const found = quarantined.find((candidate) => candidate.line === numberOf(line));
    expect({ reason: found?.reason, landed: landed.has(idOf(line.bytes)) }).toEqual({
      reason: undefined,
      landed: true,
    });
  });

  test.each(bad.map((line) => [line.name, line] as const))("refused: %s", (_, line) => {
    const found = quarantined.find((candidate) => candidate.line === numberOf(line));
    expect(found?.part).toBe(partName(1));
    expect([line.reason].flat()).toContain(found?.reason);
  });

  test("the batch is imported, and its counts are those of its lines", () => {
    expect(row).toMatchObject({
      state: "imported",
      reason: null,
      used: true,
      imported: good.length,
      duplicate: 0,
      quarantined: hostileLines.length - good.length,
    });
  });

  test("every body that landed comes back byte for byte, and the receipt lists the others", async () => {
    await scene.call("requests", "run");
    const medium = scene.newMedium();
    const { volumes } = await scene.call<Exported>("transfer", "export", { to: lane.identity.name, medium });
    const bags = volumes.map((volume) => join(medium, "sallyport", volume));
    const lines = bags.flatMap((bag) => openBag(bag, lane.identity.age.identity).lines);
    const echoed = new Map<string, string>();
    const exceptions: { line: number; reason: string; verdict: string }[] = [];
    for (const text of lines) {
      const record = JSON.parse(text) as { type: string; request: string; payload: string };
      if (record.type === "response") echoed.set(record.request, bodyOf(Buffer.from(text)));
      if (record.type === "receipt") {
        exceptions.push(...(JSON.parse(record.payload) as { exceptions: never[] }).exceptions);
      }
    }
    const changed = good.filter(({ bytes }) => echoed.get(idOf(bytes)) !== bodyOf(bytes));
    // Its echo would be a line above 1 MiB, which nobody could carry.
    expect(changed.map(({ name }) => name)).toEqual(["a line of exactly 1 MiB lands"]);
    const [longest] = changed;
    const refusal = JSON.parse(echoed.get(idOf(longest?.bytes ?? Buffer.alloc(0))) ?? "null") as object;
    expect(refusal).toMatchObject({ code: "line-too-long" });
    expect(exceptions.map(({ line, reason }) => `${line} ${reason}`).toSorted()).toEqual(
      quarantined.map(({ line, reason }) => `${line} ${reason}`).toSorted(),
    );
  }, 120_000);
});
