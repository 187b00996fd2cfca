import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { asked, day, hour, openPeople, type People } from "./people.ts";

let people: People;
let secret: Buffer;
let recoveryCodes: string[];

const code = (value: string) => expect.objectContaining({ code: value });
const stepMs = 30_000;

/** What the device shows now, `off` steps away. */
const shown = (off = 0) => codeOfStep(secret, stepOf(new Date(people.now)) + off);

function decode(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

beforeEach(async () => {
  people = await openPeople();
  const { passphrase, client } = people.ada;
  const offered = await client.session.offerFactor({ passphrase });
  secret = decode(offered.secret);
  ({ recoveryCodes } = await client.session.confirmFactor({ passphrase, code: shown() }));
  people.now += stepMs;
});
afterEach(() => people.close());

const signIn = (given?: string) => people.signIn("ada", people.ada.passphrase, given);

describe("a passphrase alone", () => {
  test("no longer signs in, and is told so only when it is right", async () => {
    await expect(signIn()).rejects.toEqual(
      expect.objectContaining({ data: expect.objectContaining({ reason: "second-factor" }) }),
    );
    await expect(people.signIn("ada", "another passphrase altogether")).rejects.toThrow(
      "do not belong together",
    );
    await signIn(shown());
  });

  test("does not open a factor that was offered and never confirmed", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await bob.client.session.offerFactor({ passphrase: bob.passphrase });
    expect((await people.signIn("bob", bob.passphrase)).connection.session?.operator).toBe("bob");
  });
});

describe("a code", () => {
  test("that was used opens nothing a second time, nor does an older one", async () => {
    await signIn(shown());
    await expect(signIn(shown())).rejects.toEqual(code("refused"));
    await expect(signIn(shown(-1))).rejects.toEqual(code("refused"));
    people.now += stepMs;
    await signIn(shown());
  });

  test("that was used for enrolling does not sign in", async () => {
    await expect(signIn(shown(-1))).rejects.toEqual(code("refused"));
  });

  test("typed in two windows at once opens one", async () => {
    const both = await Promise.allSettled([signIn(shown()), signIn(shown())]);
    expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  });

  test("guessed ten times after the right passphrase disables the operator, unless nobody could enable them", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    const { passphrase, client } = bob;
    await client.session.offerFactor({ passphrase });
    const db = new Database(join(people.opened.directory, "station.db"));
    db.prepare("UPDATE second_factor SET confirmed_at = '2026-11-21T08:00:00.000Z'").run();
    db.close();
    for (let tries = 0; tries < 10; tries += 1) {
      await expect(people.signIn("bob", passphrase, "000000")).rejects.toEqual(code("refused"));
      people.now += hour / 60;
      people.now += 15 * 60_000;
    }
    const { operators } = await (await signIn(shown())).client.operators.list({});
    expect(operators.find((one) => one.name === "bob")).toMatchObject({
      state: "disabled",
      why: "too many wrong tries",
    });
    for (let tries = 0; tries < 12; tries += 1) {
      await expect(signIn("000000")).rejects.toEqual(code("refused"));
      people.now += 16 * 60_000;
    }
    await signIn(shown());
  });

  test("of a device whose clock drifts is followed, a step at a time", async () => {
    for (let off = 1; off <= 5; off += 1) {
      people.now += 10 * stepMs;
      await signIn(shown(off));
    }
    const { client } = await (async () => {
      people.now += 10 * stepMs;
      return signIn(shown(5));
    })();
    expect((await client.session.factor({})).driftSeconds).toBe(150);
  });
});

describe("a recovery code", () => {
  test("stands in for the device once, never twice, and is counted", async () => {
    const [first = ""] = recoveryCodes;
    expect(recoveryCodes).toHaveLength(10);
    const { client } = await signIn(first);
    expect((await client.session.factor({})).recoveryCodesLeft).toBe(9);
    await expect(signIn(first)).rejects.toEqual(code("refused"));
    const { events } = await client.audit.list({ action: "session.recovery-code-used" });
    expect(events).toHaveLength(1);
  });

  test("is worth nothing after new ones were made", async () => {
    const { client } = await signIn(shown());
    people.now += stepMs;
    const fresh = await client.session.recoveryCodes({ passphrase: people.ada.passphrase, code: shown() });
    await expect(signIn(recoveryCodes[1])).rejects.toEqual(code("refused"));
    await signIn(fresh.recoveryCodes[0]);
  });

  test("is not in the directory, nor is the secret of the device", async () => {
    const db = new Database(join(people.opened.directory, "station.db"), { readonly: true });
    const rows = JSON.stringify([
      ...db.prepare("SELECT hex(wrapped), * FROM second_factor").all(),
      ...db.prepare("SELECT hex(hash), used_at FROM recovery_code").all(),
      ...db.prepare("SELECT CAST(leaf AS TEXT) FROM audit_event").pluck().all(),
    ]);
    db.close();
    expect(rows.toLowerCase()).not.toContain(secret.toString("hex"));
    for (const one of recoveryCodes) expect(rows).not.toContain(one);
  });

  test("of somebody else opens nothing", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    const offered = await bob.client.session.offerFactor({ passphrase: bob.passphrase });
    const own = codeOfStep(decode(offered.secret), stepOf(new Date(people.now)));
    await bob.client.session.confirmFactor({ passphrase: bob.passphrase, code: own });
    await expect(people.signIn("bob", bob.passphrase, recoveryCodes[2])).rejects.toEqual(code("refused"));
  });
});

test("a second person agrees over the first's session with passphrase and code, not with one alone", async () => {
  const bob = await people.enrol("bob", ["approver", "administrator"]);
  people.now += day + hour;
  const requester = await people.signIn("bob", bob.passphrase);
  const approval = await asked(requester.client.session.profile({ profile: "stig" }));
  const { digest } = await requester.client.approvals.show({ approval });
  const given = { approval, digest, operator: "ada", passphrase: people.ada.passphrase };
  await expect(requester.client.approvals.approve(given)).rejects.toEqual(code("refused"));
  const right = { ...given, code: shown() };
  await requester.client.approvals.approve(right);
  expect(await requester.client.session.profile({ profile: "stig" })).toEqual({ profile: "stig" });
});

test("a lost device is reset by an administrator, and the passphrase alone signs in until there is another", async () => {
  const { client } = await signIn(shown());
  await client.session.resetFactor({ operator: "ada" });
  expect((await signIn()).connection.session?.operator).toBe("ada");
});
