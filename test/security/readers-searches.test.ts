import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestClient } from "../../main/station/testing/open-test-station.ts";
import { openPeople, type People } from "./people.ts";

let people: People;
let ada: TestClient;

beforeEach(async () => {
  people = await openPeople();
  ada = people.ada.client;
});
afterEach(() => people.close());

test("a search is saved under a name, changed by its version, and removed", async () => {
  const first = await ada.audit.saveSearch({ name: "refusals", query: "outcome:refused" });
  expect(first).toMatchObject({ owner: "ada", for: "me", version: 1 });
  await expect(ada.audit.saveSearch({ name: "refusals", query: "other" })).rejects.toMatchObject({
    code: "conflict",
  });
  const second = await ada.audit.saveSearch({
    name: "refusals",
    query: "outcome:refused since:1d",
    version: 1,
  });
  expect(second.version).toBe(2);
  // Two windows with the same version: the second one loses nothing, it is told.
  await expect(ada.audit.saveSearch({ name: "refusals", query: "late", version: 1 })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("version 2"),
  });
  await expect(ada.audit.removeSearch({ name: "refusals", version: 1 })).rejects.toMatchObject({
    code: "conflict",
  });
  await ada.audit.removeSearch({ name: "refusals", version: 2 });
  expect((await ada.audit.searches({})).searches).toEqual([]);
});

test("others see what is for everyone and can't change it; what is for oneself nobody else sees", async () => {
  const bob = (await people.enrol("bob", ["auditor"])).client;
  await ada.audit.saveSearch({ name: "mine", query: "actor:ada" });
  await ada.audit.saveSearch({ name: "ours", query: "outcome:failed", for: "everyone" });
  expect((await bob.audit.searches({})).searches.map((row) => row.name)).toEqual(["ours"]);
  await expect(bob.audit.removeSearch({ name: "ours", version: 1 })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(bob.audit.saveSearch({ name: "ours", query: "x", for: "everyone" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("ada"),
  });
  await bob.audit.saveSearch({ name: "ours", query: "actor:bob" });
  expect((await bob.audit.searches({})).searches.map((row) => [row.name, row.owner])).toEqual([
    ["ours", "bob"],
    ["ours", "ada"],
  ]);
});

test("saving and removing stand in the log", async () => {
  await ada.audit.saveSearch({ name: "n", query: "q" });
  await ada.audit.removeSearch({ name: "n", version: 1 });
  const { events } = await ada.audit.list({ limit: 2 });
  expect(events.map((event) => event.action)).toEqual(["audit.search-removed", "audit.search-saved"]);
});
