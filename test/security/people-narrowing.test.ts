import { isContractProcedure } from "@orpc/contract";
import Database from "better-sqlite3";
import * as z from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Access } from "../../shared/contract/access.ts";
import { contract } from "../../shared/contract/contract.ts";
import { operations } from "../../shared/contract/operations.ts";
import {
  grantsOf,
  resourceKinds,
  type Grant,
  type Narrowing,
  type Resources,
} from "../../shared/narrowing.ts";
import { roleNames, rolePermissions, type Permission } from "../../shared/roles.ts";
import { within } from "../../main/station/pipeline/reach.ts";
import {
  openTestStation,
  passphrase,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";
import { openPeople, type People, type Person } from "./people.ts";

/** Input fields that name something a role is narrowed to. A new one of these names has to say so. */
const naming: Readonly<Record<string, string>> = {
  peer: "peer",
  to: "peer",
  kind: "kind",
  component: "component",
  agent: "agent",
};

function schemas(name: string): { input: z.ZodObject; output: z.ZodType } {
  const [area = "", verb = ""] = name.split(".");
  const procedure = (contract as unknown as Record<string, Record<string, unknown>>)[area]?.[verb];
  if (!isContractProcedure(procedure)) throw new Error(name);
  const { inputSchema, outputSchema } = procedure["~orpc"];
  return { input: inputSchema as z.ZodObject, output: outputSchema as z.ZodType };
}

describe("the contract says of every operation what it is about", () => {
  test.each(operations.map(({ name, access }) => [name, access] as const))("%s", (name, access) => {
    const { input, output } = schemas(name);
    const fields = Object.keys(input.shape);
    const { reach } = access;
    const named = fields.filter((field) => naming[field] !== undefined);
    // A list may be asked for one peer: what it answers is left out all the same.
    const open = reach === "none" || (typeof reach === "object" && "input" in reach && named.some(lacks));
    function lacks(field: string): boolean {
      return typeof reach === "object" && "input" in reach && !Object.values(reach.input).includes(field);
    }
    expect({ name, named: open ? named : [] }).toEqual({ name, named: [] });
    if (typeof reach !== "object") return;
    if ("input" in reach) for (const field of Object.values(reach.input)) expect(fields).toContain(field);
    else {
      const shown = z.toJSONSchema(output, { unrepresentable: "any", io: "output" }) as JsonSchema;
      for (const [list, kinds] of Object.entries(reach.rows)) {
        const row = shown.properties?.[list]?.items;
        for (const field of Object.values(kinds)) expect(Object.keys(row?.properties ?? {})).toContain(field);
      }
    }
  });
});

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

const narrowings: readonly Narrowing[] = [
  {},
  ...resourceKinds.map((kind) => ({ [kind]: ["mine"] })),
  { peer: ["mine"], kind: ["mine"] },
  Object.fromEntries(resourceKinds.map((kind) => [kind, []])),
];

/** What each operation can be about: nothing, mine, another's, and any of each kind that it names. */
function abouts(access: Access): (Resources | "whole")[] {
  const { reach } = access;
  if (reach === "whole") return ["whole"];
  if (reach === "none" || (typeof reach === "object" && "rows" in reach)) return [{}];
  const kinds = reach === "looked-up" ? ["peer", "kind"] : Object.keys(reach.input);
  return ["mine", "another's", null].map(
    (name) => Object.fromEntries(kinds.map((kind) => [kind, name])) as Resources,
  );
}

test("every operation, by every role, under every narrowing, is allowed exactly where the table says", () => {
  let looked = 0;
  for (const { name, access } of operations) {
    if (access.permission === "public") continue;
    for (const role of roleNames) {
      for (const only of narrowings) {
        for (const about of abouts(access)) {
          const holds = (rolePermissions[role] as readonly Permission[]).includes(access.permission);
          // Said anew, not by the code under test: every kind that is narrowed and named must be mine.
          const narrowed = Object.entries(only);
          const reached =
            about === "whole"
              ? narrowed.length === 0
              : narrowed.every(([kind, names]) => {
                  const asked = (about as Record<string, string | null | undefined>)[kind];
                  return asked === undefined || (asked === "mine" && (names?.length ?? 0) > 0);
                });
          const grants: Grant[] = [{ role, only }];
          expect({ name, role, only, about, allowed: within(grants, access.permission, about) }).toEqual({
            name,
            role,
            only,
            about,
            allowed: holds && reached,
          });
          looked += 1;
        }
      }
    }
  }
  expect(looked).toBeGreaterThan(3000);
});

describe("at a station with two peers", () => {
  let people: People;
  let others: TestStation[];
  let bob: Person;

  async function befriend(name: string): Promise<void> {
    const other = await openTestStation(null);
    others.push(other);
    const { client } = other.client();
    await client.station.init({ name, side: "response", people: "one", operator: "ada", passphrase });
    await client.session.signIn({ passphrase });
    const { card, phrase } = await client.station.card({});
    await people.ada.client.peers.add({ card });
    await people.ada.client.peers.trust({ peer: name, phrase });
  }

  beforeAll(async () => {
    others = [];
    people = await openPeople();
    await befriend("high");
    await befriend("far");
    for (const [to, kind] of [
      ["high", "echo"],
      ["far", "echo"],
      ["high", "search"],
    ] as const) {
      await people.ada.client.requests.submit({ kind, user: to, source: { text: "1" }, to });
    }
    await people.ada.client.requests.submit({ kind: "echo", user: "nobody", source: { text: "1" } });
    bob = await people.enrol("bob", ["operator"], people.ada, {
      operator: { peer: ["high"], kind: ["echo"] },
    });
  });
  afterAll(async () => {
    await people.close();
    for (const other of others) await other.close();
  });

  const notAllowed = expect.objectContaining({ code: "not-allowed" });

  test("a narrowed operator does what is inside, and is refused outside, with an event", async () => {
    const one = { user: "bob", source: { text: "1" } };
    await bob.client.requests.submit({ ...one, kind: "echo", to: "high" });
    await expect(bob.client.requests.submit({ ...one, kind: "echo", to: "far" })).rejects.toEqual(notAllowed);
    await expect(bob.client.requests.submit({ ...one, kind: "search", to: "high" })).rejects.toEqual(
      notAllowed,
    );
    // Whoever names no peer lets the next export take it anywhere.
    await expect(bob.client.requests.submit({ ...one, kind: "echo" })).rejects.toEqual(notAllowed);
    await expect(bob.client.transfer.export({ to: "far", medium: "/tmp" })).rejects.toEqual(notAllowed);
    const { events } = await people.ada.client.audit.list({ actor: "bob", action: "requests.submit" });
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ outcome: "refused" });
  });

  test("every list that a narrowed operator may read holds nothing of the other peer", async () => {
    const lists = operations.filter(
      ({ access }) => typeof access.reach === "object" && "rows" in access.reach,
    );
    let seen = 0;
    for (const { name } of lists) {
      const [area = "", verb = ""] = name.split(".");
      const call = (who: Person) =>
        (who.client as unknown as Record<string, Record<string, (input: object) => Promise<unknown>>>)[
          area
        ]?.[verb]?.(name === "transfer.explain" ? { medium: people.opened.directory } : {});
      const whole = JSON.stringify(await call(people.ada));
      const part = JSON.stringify(await call(bob));
      if (whole.includes('"far"')) seen += 1;
      expect({ name, part: part.includes("far") }).toEqual({ name, part: false });
    }
    // Peers, requests, the outbox, the logs and the summary: what this station holds of far.
    expect(seen).toBeGreaterThanOrEqual(4);
  });

  test("what is asked for by its own id is looked up first", async () => {
    const { requests } = await people.ada.client.requests.list({});
    const of = (peer: string | null, kind: string) =>
      requests.find((row) => row.peer === peer && row.kind === kind)?.id ?? "";
    expect((await bob.client.requests.show({ request: of("high", "echo") })).kind).toBe("echo");
    for (const id of [of("far", "echo"), of("high", "search"), of(null, "echo")]) {
      await expect(bob.client.requests.show({ request: id })).rejects.toEqual(notAllowed);
      await expect(bob.client.responses.get({ request: id })).rejects.toEqual(notAllowed);
    }
    // Nor does it say whether there is such a one.
    await expect(bob.client.requests.show({ request: "r-none" })).rejects.toEqual(notAllowed);
  });

  test("what is about the whole station needs a role that is not narrowed", async () => {
    for (const call of [
      () => bob.client.audit.list({}),
      () => bob.client.requests.counts({}),
      () => bob.client.peers.add({ card: "x" }),
    ]) {
      await expect(call()).rejects.toEqual(notAllowed);
    }
  });

  test("a narrowing holds at once in an open session, stays when it is left out, and goes when it is given empty", async () => {
    const eve = await people.enrol("eve", ["operator"]);
    expect((await eve.client.peers.list({})).peers).toHaveLength(2);
    const set = async (roles: ("operator" | "viewer")[], only?: object): Promise<unknown> => {
      const { operators: rows } = await people.ada.client.operators.list({});
      const version = rows.find((row) => row.name === "eve")?.version ?? 0;
      const asked = { name: "eve", roles, version, ...(only === undefined ? {} : { only }) };
      return people.ada.client.operators.roles(asked);
    };
    await set(["operator"], { operator: { peer: ["far"] } });
    expect((await eve.client.peers.list({})).peers.map((row) => row.name)).toEqual(["far"]);
    await set(["operator", "viewer"]);
    expect((await eve.client.peers.list({})).peers).toHaveLength(2);
    const submit = () =>
      eve.client.requests.submit({ kind: "echo", user: "eve", source: { text: "1" }, to: "high" });
    await expect(submit()).rejects.toEqual(notAllowed);
    await set(["operator"], {});
    await submit();
  });

  test("a kind of resource that this version does not know, in stored data, leaves the least; one event says so", async () => {
    const mal = await people.enrol("mal", ["operator"]);
    await mal.client.session.signOut({});
    const db = new Database(`${people.opened.directory}/station.db`);
    db.prepare(`UPDATE operator SET narrowing = '{"operator":{"planet":["mars"]}}' WHERE name = 'mal'`).run();
    db.close();
    const seen = await people.signIn("mal", mal.passphrase);
    expect((await seen.client.session.state({})).operator?.roles).toEqual(["viewer"]);
    expect((await seen.client.peers.list({})).peers).toEqual([]);
    for (let call = 0; call < 5; call += 1) await seen.client.requests.list({});
    await people.signIn("mal", mal.passphrase);
    const { events } = await people.ada.client.audit.list({ action: "operators.roles-not-known" });
    expect(events).toHaveLength(1);
  });
});

test("who agrees must reach what the step is about", async () => {
  const people = await openPeople();
  await people.enrol("ann", ["administrator"]);
  const grants = grantsOf(["approver"], { approver: { peer: ["high"] } });
  expect(within(grants, "approvals.decide", { peer: "high" })).toBe(true);
  expect(within(grants, "approvals.decide", { peer: "far" })).toBe(false);
  expect(within(grants, "approvals.decide", "whole")).toBe(false);
  await people.close();
});
