import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exported } from "../support/answers.ts";
import { partOf } from "./forge/batch.ts";
import { openBag } from "./forge/reader.ts";
import { line, requestRecord } from "./forge/records.ts";
import { freshId, lay, moveOn, openScene, read, sealNext } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** Requests that aim at what answers them: one bad request must not keep the others from their answers. */

const root = mkdtempSync(join(tmpdir(), "hostile-handlers-"));
let scene: Scene;
let lane: Lane;
beforeAll(async () => {
  scene = await openScene(root, "response");
  lane = await scene.newLane();
  const deep = `${"[".repeat(61)}"needle"${"]".repeat(61)}`;
  const wide = `{"needle":"needle",${Array.from({ length: 4000 }, (_, index) => `"k${index}":0`).join(",")}}`;
  const documents = [...Array.from({ length: 20 }, () => wide), deep, '{"title":"needle in a haystack"}'];
  await scene.call("documents", "load", { source: { text: `${documents.join("\n")}\n` } });
}, 60_000);
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

const search = (body: unknown): Record<string, unknown> => ({
  ...requestRecord(freshId(), body),
  kind: "search",
});
const query = (text: string, limit = 10): Record<string, unknown> => search({ query: text, limit });

const hostile: readonly [string, Record<string, unknown>][] = [
  ["an unknown kind", { ...requestRecord(freshId()), kind: "launch" }],
  ["the kind constructor", { ...requestRecord(freshId()), kind: "constructor" }],
  ["a query that is no object", search("needle")],
  ["a query of null", search(null)],
  ["a query of a list", search(["needle"])],
  ["a limit of a million", query("needle", 1_000_000)],
  ["a limit below zero", query("needle", -1)],
  ["a field too many", search({ query: "needle", limit: 1, table: "secret" })],
  ["an empty query", query("")],
  ["a quote", query('"')],
  ["operators", query('needle AND NOT NEAR( * ^ : - "')],
  ["a column filter", query("body : needle")],
  ["SQL", query("'; DROP TABLE record; --")],
  ["a word of half a megabyte", query("n".repeat(500_000))],
  ["a hundred thousand words", query("needle ".repeat(100_000))],
  ["brackets", query("((((((((((".repeat(1000))],
  ["emoji and accents", query("👩‍👩‍👧‍👦 Z͑͑͑͑ \u202Egnp")],
  ["documents that together have too many members", query("needle", 1000)],
];

describe("handlers", () => {
  test("answer every hostile request, and the honest one behind them", async () => {
    const honest = query("haystack");
    const records = [...hostile.map(([, record]) => record), honest];
    const sealed = sealNext(scene, lane, [partOf(records.map(line))]);
    const medium = scene.newMedium();
    lay(medium, sealed);
    moveOn(lane, sealed);
    expect(await read(scene, "import", medium)).toMatchObject([
      { state: "imported", imported: records.length },
    ]);
    const counts = await scene.call<{ answered: number; failed: number }>("requests", "run");
    expect(counts.answered).toBe(records.length);

    const home = scene.newMedium();
    const input = { to: lane.identity.name, medium: home };
    const { volumes } = await scene.call<Exported>("transfer", "export", input);
    const bag = openBag(join(home, "sallyport", volumes[0] ?? ""), lane.identity.age.identity);
    const answers = bag.lines.map(
      (text) => JSON.parse(text) as { request?: string; status?: string; body: unknown },
    );
    const unanswered = records.filter((record) => !answers.some((answer) => answer.request === record["id"]));
    expect(unanswered).toEqual([]);
    expect(answers.find((answer) => answer.request === honest["id"])).toMatchObject({
      status: "ok",
      body: { total: 1 },
    });
    expect(Math.max(...bag.lines.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(2 ** 20);
  }, 60_000);
});
