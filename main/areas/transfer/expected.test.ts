import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { carry, makeTestPair, type TestPair } from "./test-pair.ts";

let pair: TestPair;
let stick: string;
beforeEach(async () => {
  pair = await makeTestPair();
  stick = pair.newStick();
  pair.low.station.request("r-1", "1");
  await carry(pair.low, "high", stick);
});
afterEach(() => pair.close());

const looked = async () => {
  const { station, transfer } = pair.high;
  const { bags } = await transfer.handlers.inspect({ medium: stick }, station.call);
  return bags.map(({ bag, sha256 }) => ({ bag, sha256 }));
};
const take = (bags: Awaited<ReturnType<typeof looked>>) => {
  const { station, transfer } = pair.high;
  return transfer.handlers.import({ medium: stick, expect: bags }, station.call);
};
const landed = () =>
  pair.high.station.kernel.store.prepare("SELECT count(*) FROM record WHERE origin <> 0").pluck().get();

describe("an import that is bound to an inspection", () => {
  test("takes in what was inspected", async () => {
    expect(await take(await looked())).toMatchObject({ bags: [{ state: "imported" }] });
  });

  test("takes in nothing when a bag holds another batch than the one inspected", async () => {
    const inspected = await looked();
    const other = pair.newStick();
    pair.low.station.request("r-2", "2");
    await carry(pair.low, "high", other);
    const bags = join(stick, "sallyport");
    const [first = ""] = readdirSync(bags);
    const second = readdirSync(join(other, "sallyport")).find((name) => name !== first) ?? "";
    rmSync(join(bags, first), { recursive: true });
    cpSync(join(other, "sallyport", second), join(bags, first), { recursive: true });
    await expect(take(inspected)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("is not the bag that was inspected"),
      facts: { safe: "Nothing was imported." },
    });
    expect(landed()).toBe(0);
  });

  test("takes in nothing when a bag has come or gone since", async () => {
    const inspected = await looked();
    pair.low.station.request("r-2", "2");
    await carry(pair.low, "high", stick);
    await expect(take(inspected)).rejects.toThrow("was not there when the medium was inspected");
    const both = await looked();
    const [first = ""] = readdirSync(join(stick, "sallyport")).toSorted();
    rmSync(join(stick, "sallyport", first), { recursive: true });
    await expect(take(both)).rejects.toThrow("is not there any more");
    expect(landed()).toBe(0);
  });

  test("takes in nothing when an unfinished bag was finished since", async () => {
    const bag = "b000007-0000000000000000.v1";
    mkdirSync(join(stick, "sallyport", bag, "data"), { recursive: true });
    const inspected = await looked();
    expect(inspected.find((each) => each.bag === bag)).toEqual({ bag, sha256: null });
    expect(await take(inspected)).toMatchObject({ bags: [{ state: "imported" }, { state: "interrupted" }] });
    const changed = inspected.map((each) => (each.bag === bag ? { bag, sha256: "0".repeat(64) } : each));
    await expect(take(changed)).rejects.toThrow("not the bag");
  });
});
