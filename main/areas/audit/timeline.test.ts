import { afterEach, beforeEach, expect, test } from "vitest";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";

let now = Date.parse("2026-11-21T08:00:00.000Z");
let opened: TestStation;
let ada: TestClient;

beforeEach(async () => {
  now = Date.parse("2026-11-21T08:00:00.000Z");
  opened = await openTestStation("request", { clock: () => new Date(now) });
  ada = await opened.signedIn();
});
afterEach(() => opened.close());

const minute = 60_000;
async function leaveTrace(name: string): Promise<void> {
  await ada.audit.saveSearch({ name, query: "x" });
}

test("each event found is in one span, and the spans follow each other without a hole", async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    await leaveTrace(`s${turn}`);
    now += 5 * minute;
  }
  const drawn = await ada.audit.timeline({ query: "action:audit.search-saved", buckets: 10 });
  expect(drawn).toMatchObject({ found: 10, whole: true });
  const counts = drawn.buckets.map((bucket) => bucket.outcomes.done);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
  expect(drawn.buckets.length).toBeLessThanOrEqual(10);
  for (const [place, bucket] of drawn.buckets.entries()) {
    if (place > 0) expect(bucket.from).toBe(drawn.buckets[place - 1]?.until);
  }
  expect(drawn.buckets.flatMap((bucket) => Object.keys(bucket.areas))).toContain("audit");
});

test("refusals are counted apart", async () => {
  await expect(ada.audit.removeSearch({ name: "none", version: 1 })).rejects.toMatchObject({
    code: "conflict",
  });
  const drawn = await ada.audit.timeline({ query: "outcome:refused" });
  expect(drawn.buckets.map((bucket) => bucket.outcomes.refused)).toEqual([1]);
});

test("silence longer than an open station keeps is marked, and a clock that was set back", async () => {
  await leaveTrace("before");
  const { events } = await ada.audit.standing({});
  now += 45 * minute;
  await leaveTrace("after silence");
  now -= 10 * minute;
  await leaveTrace("after the clock went back");
  const { gaps } = await ada.audit.timeline({ query: "" });
  expect(gaps.map(({ after, why }) => ({ after, why }))).toEqual([
    { after: events, why: "silent" },
    { after: events + 1, why: "back" },
  ]);
});

test("nothing found is no span, whatever was asked", async () => {
  for (const query of ["nosuchword", "seq:9999..", "since:2030-01-01 until:2029-01-01"]) {
    const drawn = await ada.audit.timeline({ query });
    expect(drawn.found).toBe(0);
    expect(drawn.buckets.flatMap((bucket) => Object.values(bucket.areas))).toEqual([]);
  }
});
