import { isContractProcedure } from "@orpc/contract";
import { expect, test } from "vitest";
import type { Access } from "../../../shared/contract/access.ts";
import { contract } from "../../../shared/contract/contract.ts";
import { openTestStation, passphrase } from "../../station/testing/open-test-station.ts";

/** Every operation of the contract that needs two persons. */
const forTwo = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs)
    .filter(([, verb]) => isContractProcedure(verb) && (verb["~orpc"].meta as Access).twoPersons === true)
    .map(([verb]) => [area, verb] as const),
);

/** Enough for the schemas: none of it exists. */
const inputs: Readonly<Record<string, unknown>> = {
  name: "nobody",
  operator: "nobody",
  peer: "nobody",
  roles: ["viewer"],
  words: "x",
  phrase: "x",
  lineage: "0".repeat(16),
  sequence: 1,
  confirm: "x",
  note: "x",
  alarm: 1,
  alarms: 1,
  fingerprint: `SHA256:${"A".repeat(43)}`,
  version: 1,
  segment: 1,
  sha256: "0".repeat(64),
  hold: 1,
  profile: "stig",
  passphrase: "a passphrase for a file",
  ownPassphrase: "x",
};

test("every operation for two says what state it acts on, so that an agreement can be bound to it", async () => {
  const opened = await openTestStation(null);
  const { client } = opened.client();
  await client.station.init({ name: "low", side: "request", people: "two", operator: "ada", passphrase });
  await client.session.signIn({ passphrase });
  expect(forTwo.length).toBeGreaterThan(8);
  for (const [area, verb] of forTwo) {
    const procedure = (contract as unknown as Record<string, Record<string, never>>)[area]?.[
      verb
    ] as unknown as {
      "~orpc": { inputSchema: { shape: Record<string, unknown> } };
    };
    const fields = Object.keys(procedure["~orpc"].inputSchema.shape);
    const input = Object.fromEntries(fields.map((name) => [name, inputs[name]]));
    const call = (client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[
      area
    ]?.[verb];
    await expect(call?.(input), `${area}.${verb}`).rejects.toThrow("nobody else here may agree");
  }
  await opened.close();
});
