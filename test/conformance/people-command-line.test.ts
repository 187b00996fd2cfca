import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, done } from "../support/command-line.ts";

let folder: string;
let station: string;
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "people-"));
  station = join(folder, "low");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Waiting {
  error: { code: string; approval: string; digest: string };
}

test("on the command line a second person is let in, and agrees at the first's desk and at their own", async () => {
  const admin = { station, passphraseFile: put("admin", "correct horse battery staple") };
  const bob = { station, passphraseFile: put("bob", "the long passphrase that bob chose") };
  const asAdmin = ["--as", "admin"];
  const asBob = ["--as", "bob"];
  await done(
    ["station", "init", "--name", "low", "--side", "request", "--people", "two", "--operator", "admin"],
    admin,
  );

  const roles = ["--roles", "approver,administrator"];
  const { code } = await done<{ code: string }>(["operators", "invite", "--name", "bob", ...roles], admin);
  const codeFile = put("code", code);
  const { words } = await done<{ words: string }>(
    ["operators", "accept", "--name", "bob", "--code-file", codeFile],
    bob,
  );
  const confirm = ["operators", "confirm", "--name", "bob", "--words", words];
  expect(await done(confirm, admin)).toMatchObject({ name: "bob", people: "two" });

  // Bob asks; the administrator, whom he did not let in, agrees at his desk.
  const step = ["session", "profile", "--profile", "stig", ...asBob];
  const first = await ask<Waiting>(step, bob);
  expect(first).toMatchObject({ exitCode: 1, output: { error: { code: "needs-approval" } } });
  const { approval, digest } = first.output.error;
  const shown = await done<{ standing: object[]; asAsked: boolean; actsOn: string }>(
    ["approvals", "show", "--approval", approval, ...asBob],
    bob,
  );
  expect(shown).toMatchObject({
    asAsked: true,
    actsOn: '"nist"',
    standing: [
      { operator: "admin", reason: "may", until: null },
      { operator: "bob", reason: "asked", until: null },
    ],
  });
  const agree = ["approvals", "approve", "--approval", approval, "--digest", digest];
  await done(
    [...agree, "--approver", "admin", "--approver-passphrase-file", admin.passphraseFile, ...asBob],
    bob,
  );
  expect(await done(step, bob)).toEqual({ profile: "stig" });

  // And once more, in the administrator's own session.
  const back = ["session", "profile", "--profile", "nist", ...asBob];
  const second = (await ask<Waiting>(back, bob)).output.error;
  await done(
    ["approvals", "approve", "--approval", second.approval, "--digest", second.digest, ...asAdmin],
    admin,
  );
  expect(await done(back, bob)).toEqual({ profile: "nist" });
  const listed = await done<{ approvals: { state: string }[] }>(["approvals", "list", ...asAdmin], admin);
  expect(listed.approvals.map((row) => row.state)).toEqual(["used", "used"]);
});

test("a service operator comes from a file, works by its passphrase file alone, and does what is listed and nothing else", async () => {
  const crew = join(folder, "crew");
  const admin = { station: crew, passphraseFile: put("crew-admin", "correct horse battery staple") };
  const nightly = { station: crew, passphraseFile: put("nightly", "the passphrase that a program holds") };
  const asNightly = ["--as", "nightly"];
  await done(["station", "init", "--name", "crew", "--side", "request", "--operator", "admin"], admin);

  const invitation = join(folder, "nightly.invitation");
  const invite = ["operators", "invite", "--name", "nightly", "--roles", "operator", "--out", invitation];
  const listed = "requests.submit,requests.counts,transfer.jobs";
  for (const [operations, why] of [
    ["operators.invite", "is for a person alone"],
    ["session.changePassphrase", "is for a person alone"],
    ["transfer.nothing", "is no operation of this version"],
  ]) {
    const refused = await ask<{ error: { message: string } }>(
      [...invite, "--operations", operations ?? ""],
      admin,
    );
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "bad-input" } } });
    expect(refused.output.error.message).toContain(why);
  }
  await done([...invite, "--operations", listed], admin);
  expect(statSync(invitation).mode & 0o777).toBe(0o600);
  const accept = ["operators", "accept", "--name", "nightly", "--code-file", invitation];
  const { words } = await done<{ words: string }>(accept, nightly);
  const confirm = ["operators", "confirm", "--name", "nightly", "--words", words, "--as", "admin"];
  expect(await done(confirm, admin)).toMatchObject({ operations: listed.split(",") });

  expect(await done(["requests", "counts", ...asNightly], nightly)).toMatchObject({ waiting: 0 });
  for (const command of [
    ["requests", "list"],
    ["session", "list"],
    ["operators", "invite", "--name", "eve", "--roles", "operator"],
  ]) {
    const refused = await ask([...command, ...asNightly], nightly);
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "not-allowed" } } });
  }
});
