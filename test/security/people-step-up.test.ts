import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { operations } from "../../shared/contract/operations.ts";
import { passphrase } from "../../main/station/testing/open-test-station.ts";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { decodeBase32, openPeople, type People } from "./people.ts";

const minute = 60_000;
let people: People;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

const stale = expect.objectContaining({ code: "needs-step-up" });
const profile = () => people.ada.client.session.profile({ profile: "nist" });

describe("a sensitive step", () => {
  test("goes on a passphrase of the last minutes, and asks again after that", async () => {
    people.now += 14 * minute;
    await profile();
    people.now += minute;
    await expect(profile()).rejects.toEqual(stale);
    await people.ada.client.session.stepUp({ passphrase });
    await profile();
  });

  test("is not bought by being busy", async () => {
    for (let passed = 0; passed < 16; passed += 1) {
      people.now += minute;
      await people.ada.client.session.stillHere({});
    }
    await expect(profile()).rejects.toEqual(stale);
  });

  test("is refused after a wrong passphrase, which counts as one at the door", async () => {
    people.now += 15 * minute;
    const wrong = people.ada.client.session.stepUp({ passphrase: "not the passphrase at all" });
    await expect(wrong).rejects.toEqual(expect.objectContaining({ code: "refused" }));
    await expect(profile()).rejects.toEqual(stale);
    expect((await people.ada.client.session.state({})).failures).toBe(1);
  });

  test("of one session is nothing to another, of the same operator even", async () => {
    const second = await people.signIn("ada", passphrase);
    people.now += 15 * minute;
    await second.client.session.stepUp({ passphrase });
    await expect(profile()).rejects.toEqual(stale);
    await second.client.session.profile({ profile: "nist" });
  });

  test("asks for the code too, where there is a device, and takes each code once", async () => {
    const { client } = people.ada;
    const { secret } = await client.session.offerFactor({ passphrase });
    const bytes = decodeBase32(secret);
    const code = () => codeOfStep(bytes, stepOf(new Date(people.now)));
    await client.session.confirmFactor({ passphrase, code: code() });
    people.now += 15 * minute;
    await expect(client.session.stepUp({ passphrase })).rejects.toThrow("second factor");
    await expect(profile()).rejects.toEqual(stale);
    const used = code();
    await client.session.stepUp({ passphrase, code: used });
    await profile();
    await expect(client.session.stepUp({ passphrase, code: used })).rejects.toThrow("This is not");
  });

  test("does not become fresh by a clock that is set back", async () => {
    people.now += 20 * minute;
    await expect(profile()).rejects.toEqual(stale);
    people.now -= 30 * minute;
    await expect(profile()).rejects.toEqual(expect.objectContaining({ code: expect.any(String) }));
  });

  test("under stig is fresh for five minutes", async () => {
    await people.ada.client.session.profile({ profile: "stig" });
    people.now += 5 * minute;
    await expect(people.ada.client.session.profile({ profile: "nist" })).rejects.toEqual(stale);
  });
});

test("who may let people in, change roles, trust a peer or hand out a key must step up for it", () => {
  const asks = operations.filter(({ access }) => access.stepUp === true).map(({ name }) => name);
  for (const name of [
    "operators.confirm",
    "operators.roles",
    "operators.enable",
    "operators.remove",
    "session.resetFactor",
    "session.profile",
    "peers.trust",
    "peers.acceptLineage",
    "station.identity",
    "audit.settle",
  ]) {
    expect(asks).toContain(name);
  }
  // Nobody is asked to agree with an empty chair; and no key leaves at its word.
  for (const { name, access } of operations) {
    if (access.permission === "keys.export" || access.twoPersons === true)
      expect({ name, stepUp: access.stepUp }).toEqual({ name, stepUp: true });
  }
});
