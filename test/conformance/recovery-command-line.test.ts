import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOfFile } from "../../shared/recovery-sheet.ts";
import { ask, done, runCommand } from "../support/command-line.ts";

let folder: string;
let station: string;
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recovery-"));
  station = join(folder, "low");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  set: { id: string; number: number };
  sheets: { share: number; ask: number; file: string }[];
}

test("on the command line sheets go into files alone, are tried, and open the station", async () => {
  const admin = { station, passphraseFile: put("admin", "correct horse battery staple") };
  await done(["station", "init", "--name", "low", "--side", "request", "--operator", "admin"], admin);

  const inside = join(station, "sheets");
  mkdirSync(inside);
  const refused = await ask(["recovery", "create", "--into", inside], admin);
  expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "bad-input" } } });

  const outside = join(folder, "sheets");
  mkdirSync(outside);
  const created = await runCommand(["recovery", "create", "--into", outside, "--json"], admin);
  const made = JSON.parse(created.stdout) as Made;
  expect(made.sheets.map(({ share }) => share)).toEqual([1, 2, 3]);
  const sheets = made.sheets.map(({ file }) => readFileSync(file, "utf8"));
  const lines = sheets.map((html) => linesOfFile(html).trim().split("\n"));
  for (const { file } of made.sheets) expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const line of lines.flat()) expect(created.stdout + created.stderr).not.toContain(line);

  // One line of each, as whoever keeps the sheet reads it out.
  const rows = made.sheets.map(({ share, ask: asked }) => `${share}: ${lines[share - 1]?.[asked - 1] ?? ""}`);
  const shown = await done<{ set: { number: number }; offered: null }>(
    ["recovery", "confirm", "--set", made.set.id, "--lines-file", put("lines", rows.join("\n"))],
    admin,
  );
  expect(shown).toMatchObject({ set: { number: 1 }, offered: null });

  // The sheets as files, and a share as it was typed by hand.
  const typed = put("typed", (lines[1] ?? []).join("\n").toLowerCase());
  const two = [made.sheets[0]?.file ?? "", typed].join(",");
  expect(await done(["recovery", "drill", "--shares", two], admin)).toMatchObject({ shares: [1, 2] });
  const one = await ask(["recovery", "drill", "--shares", typed], admin);
  expect(one.output).toMatchObject({ error: { reason: "too-few" } });

  const fresh = put("fresh", "the one that admin chose on the bad day");
  const opened = await runCommand(
    ["recovery", "open", "--operator", "admin", "--shares", two, "--new-passphrase-file", fresh],
    { station },
  );
  expect(opened).toMatchObject({ exitCode: 0 });
  expect(opened.stdout).toContain("admin has a new passphrase");
  expect(await ask(["recovery", "show"], admin)).toMatchObject({ exitCode: 1 });
  const again = { station, passphraseFile: fresh };
  expect(await done(["recovery", "review", "--note", "we were three"], again)).toMatchObject({
    set: null,
    opening: { operator: "admin", reviewedBy: "admin" },
  });

  const card = join(folder, "low.card");
  const rotated = await done<{ card: string }>(
    ["station", "rotate-keys", "--note", "yearly", "--out", card],
    again,
  );
  expect(readFileSync(card, "utf8")).toBe(rotated.card);
});
