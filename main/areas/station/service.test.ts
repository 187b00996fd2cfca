import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decrypter } from "age-encryption";
import { armor } from "age-encryption";
import { afterEach, describe, expect, test } from "vitest";
import { openTestStation, passphrase, type TestStation } from "../../station/testing/open-test-station.ts";
import { version } from "../../station/version.ts";

let opened: TestStation | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

describe("founding a station", () => {
  test("an empty directory becomes a station that shows what it is", async () => {
    opened = await openTestStation(null);
    const { client } = opened.client();
    expect((await client.session.state({})).phase).toBe("empty");
    const founded = await client.station.init({ name: "low", side: "request", operator: "ada", passphrase });
    const shown = await client.station.show({});
    expect(shown).toMatchObject({ ...founded, synchronous: "FULL", audit: { events: 1 } });
    expect(shown.keys.map((key) => key.purpose)).toEqual([
      "age",
      "backup",
      "log",
      "signing",
      "vault",
      "witness",
    ]);
    expect(statSync(opened.directory).mode & 0o777).toBe(0o700);
  });

  test("a directory is founded once", async () => {
    opened = await openTestStation();
    const { client } = opened.client();
    await expect(
      client.station.init({ name: "x", side: "response", operator: "eve", passphrase }),
    ).rejects.toThrow("already holds the station low");
  });

  test("two windows that found it at once found it once, and the second is told", async () => {
    const station = await openTestStation(null);
    opened = station;
    const founding = (name: string) =>
      station.client().client.station.init({ name, side: "request", operator: "ada", passphrase });
    // Which of them is first is for the machine to say.
    const outcomes = await Promise.allSettled([founding("low"), founding("lower")]);
    const { station: founded } = await station.client().client.session.state({});
    const name = founded?.name;
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: {
        code: "conflict",
        message: expect.stringContaining(`already holds the station ${name}.`) as string,
      },
    });
  });

  test("a passphrase that wraps keys has fifteen characters or more", async () => {
    opened = await openTestStation(null);
    const { client } = opened.client();
    await expect(
      client.station.init({ name: "low", side: "request", operator: "ada", passphrase: "fourteen chars" }),
    ).rejects.toThrow("At passphrase: 15 characters or more");
  });

  test("a directory with something else in it is left alone", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sallyport-foreign-"));
    writeFileSync(join(directory, "thesis.txt"), "mine");
    await expect(openTestStation(null, { directory })).rejects.toThrow("thesis.txt");
    rmSync(directory, { recursive: true });
  });

  test("every fault of station.json is listed by its path, and nothing starts", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sallyport-faulty-"));
    writeFileSync(join(directory, "station.json"), '{"transfer":{"partMiB":65,"keepDays":3},"colour":1}');
    const failure = openTestStation(null, { directory });
    await expect(failure).rejects.toThrow(/transfer\.partMiB: .*32/);
    await expect(failure).rejects.toThrow("keepDays");
    await expect(failure).rejects.toThrow("colour");
    rmSync(directory, { recursive: true });
  });

  test("neither the passphrase nor a secret key stands anywhere in the directory", async () => {
    opened = await openTestStation();
    const client = await opened.signedIn();
    // What was sealed before a rotation opens with the replaced identity alone: both are handed out.
    await client.station.rotateKeys({ note: "for this test" });
    const { identity } = await client.station.identity({
      passphrase: "another long passphrase",
      ownPassphrase: passphrase,
    });
    const decrypter = new Decrypter();
    decrypter.addPassphrase("another long passphrase");
    const secret = (await decrypter.decrypt(armor.decode(identity), "text")).trim();
    expect(secret).toMatch(/^AGE-SECRET-KEY-1\w+\nAGE-SECRET-KEY-1\w+$/);
    const files = execFileSync("find", [opened.directory, "-type", "f"], { encoding: "utf8" })
      .trim()
      .split("\n");
    const all = Buffer.concat(files.map((file) => readFileSync(file)));
    for (const line of secret.split("\n")) expect(all.includes(line)).toBe(false);
    expect(all.includes(passphrase)).toBe(false);
  });
});

describe("the own card and identity", () => {
  test("the card is the same bytes each time, and so is its phrase", async () => {
    opened = await openTestStation();
    const client = await opened.signedIn();
    expect(await client.station.card({})).toEqual(await client.station.card({}));
  });

  test("handing out the identity asks for the passphrase again and is in the log", async () => {
    opened = await openTestStation();
    const client = await opened.signedIn();
    const asked = { passphrase: "another long passphrase" };
    await expect(client.station.identity({ ...asked, ownPassphrase: "not mine at all" })).rejects.toThrow(
      "not your passphrase",
    );
    await client.station.identity({ ...asked, ownPassphrase: passphrase });
    const { events } = await client.audit.list({});
    expect(events.map((event) => [event.action, event.outcome]).slice(0, 2)).toEqual([
      ["station.identity-handed-out", "done"],
      ["station.identity", "refused"],
    ]);
  });
});

test("the program's version is the one of package.json", () => {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  expect((JSON.parse(text) as { version: string }).version).toBe(version);
});
