import { isContractProcedure } from "@orpc/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";
import type { Access } from "../../shared/contract/access.ts";
import { contract } from "../../shared/contract/contract.ts";
import { edits } from "./edits.ts";

const changing = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs).flatMap(([verb, procedure]) => {
    if (!isContractProcedure(procedure)) return [];
    const { meta, inputSchema } = procedure["~orpc"];
    return (meta as Access).effect === "read"
      ? []
      : [{ name: `${area}.${verb}`, input: inputSchema as z.ZodObject }];
  }),
);

describe("every operation that changes something", () => {
  test("says how it keeps two people from losing each other's work", () => {
    expect(Object.keys(edits).toSorted()).toEqual(changing.map(({ name }) => name).toSorted());
  });

  test.each(changing)("$name asks for a version exactly where it edits a row", ({ name, input }) => {
    const version = input.shape["version"] as z.ZodType | undefined;
    const kind = edits[name];
    expect(version !== undefined).toBe(kind === "version" || (kind === "once" && version !== undefined));
    // Without one, only what is not there yet can be saved; the race below shows it.
    const isNewWithout = name === "audit.saveSearch";
    if (kind === "version") expect(version?.safeParse(undefined).success).toBe(isNewWithout);
  });
});

/** For each operation that edits: brings up the row, and saves it as one of two who began from one version. */
interface Race {
  readonly version: (client: TestClient) => Promise<number>;
  readonly save: (client: TestClient, who: string, version: number) => Promise<unknown>;
  readonly read: (client: TestClient) => Promise<unknown>;
  readonly saved: (who: string) => unknown;
}

const operator = async (client: TestClient) => (await client.operators.list({})).operators[0];
const note = (client: TestClient) => client.notes.show({ about: "peer", peer: "high" });

const races: Readonly<Record<string, Race>> = {
  "notes.write": {
    version: async (client) => (await note(client)).version,
    save: (client, who, version) =>
      client.notes.write({ about: "peer", peer: "high", text: `what ${who} wrote`, version }),
    read: async (client) => (await note(client)).text,
    saved: (who) => `what ${who} wrote`,
  },
  "audit.saveSearch": {
    version: async (client) => {
      const { searches } = await client.audit.searches({});
      return (
        searches[0]?.version ?? (await client.audit.saveSearch({ name: "refusals", query: "x" })).version
      );
    },
    save: (client, who, version) =>
      client.audit.saveSearch({ name: "refusals", query: `actor:${who}`, version }),
    read: async (client) => (await client.audit.searches({})).searches[0]?.query,
    saved: (who) => `actor:${who}`,
  },
  "operators.describe": {
    version: async (client) => (await operator(client))?.version ?? -1,
    save: (client, who, version) =>
      client.operators.describe({ name: "ada", displayName: who, contact: `desk of ${who}`, version }),
    read: async (client) => (await operator(client))?.contact,
    saved: (who) => `desk of ${who}`,
  },
  "operators.roles": {
    version: async (client) => (await operator(client))?.version ?? -1,
    save: (client, who, version) =>
      client.operators.roles({
        name: "ada",
        roles: who === "one" ? ["administrator"] : ["administrator", "operator"],
        version,
      }),
    read: async (client) => (await operator(client))?.roles,
    saved: (who) => (who === "one" ? ["administrator"] : ["administrator", "operator"]),
  },
};

describe("of two who edit at once", () => {
  let station: TestStation;
  let one: TestClient;
  let other: TestClient;

  beforeAll(async () => {
    station = await openTestStation("request");
    one = await station.signedIn();
    other = await station.signedIn();
    const high = await openTestStation("response");
    await one.peers.add({ card: (await (await high.signedIn()).station.card({})).card });
    await high.close();
  });
  afterAll(() => station.close());

  test("every editing operation has its race here", () => {
    const versioned = Object.entries(edits).flatMap(([name, kind]) => (kind === "version" ? [name] : []));
    expect(Object.keys(races).toSorted()).toEqual(versioned.toSorted());
  });

  test.each(Object.entries(races))("exactly one wins: %s", async (_name, race) => {
    const version = await race.version(one);
    const results = await Promise.allSettled([
      race.save(one, "one", version),
      race.save(other, "two", version),
    ]);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(1);
    const winner = results[0].status === "fulfilled" ? "one" : "two";
    expect(await race.read(one)).toEqual(race.saved(winner));
    expect(refused[0]?.reason).toMatchObject({
      code: "conflict",
      data: { reason: "stale-version", present: { version: await race.version(other) } },
    });
  });

  test.each(Object.entries(races))("the loser saves over what stands there now: %s", async (_name, race) => {
    const version = await race.version(one);
    await race.save(one, "one", version);
    const error = await race.save(other, "two", version).catch((thrown: unknown) => thrown);
    const { present } = (error as { data: { present: { version: number } } }).data;
    await race.save(other, "two", present.version);
    expect(await race.read(one)).toEqual(race.saved("two"));
  });

  test.each(Object.entries(races))("a version that never was is refused: %s", async (_name, race) => {
    const version = await race.version(one);
    await expect(race.save(one, "one", version + 5)).rejects.toThrow("there never was");
    expect(await race.version(one)).toBe(version);
  });

  test("a refused edit leaves an event, and none of the words", async () => {
    const { version } = await note(one);
    await one.notes.write({ about: "peer", peer: "high", text: "call the night desk", version });
    await expect(
      other.notes.write({ about: "peer", peer: "high", text: "call nobody", version }),
    ).rejects.toThrow("changed meanwhile by ada");
    const { events } = await one.audit.list({ action: "notes.write" });
    expect(events[0]).toMatchObject({ outcome: "refused", object: "high" });
    expect(JSON.stringify((await one.audit.list({})).events)).not.toMatch(/night desk|call nobody/);
  });
});
