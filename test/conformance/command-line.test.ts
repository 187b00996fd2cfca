import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, done, runCommand } from "../support/command-line.ts";

const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));
const escape = "\u001b";

let folder: string;
let station: string;
let passphraseFile: string;
const at = (): { station: string; passphraseFile: string } => ({ station, passphraseFile });
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

type Failed = { error: { code: string; message: string; path?: string } };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "command-line-"));
  station = join(folder, "low");
  passphraseFile = put("passphrase", "correct horse battery staple\n");
  await done(["station", "init", "--name", "low", "--side", "request", "--operator", "admin"], at());
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("what a command prints and how it ends", () => {
  test("is one document and 0 when it is done", async () => {
    const shown = await ask<{ name: string; side: string }>(["station", "show"], { station });
    expect(shown).toMatchObject({ exitCode: 0, stderr: "", output: { name: "low", side: "request" } });
  });

  test("is a sentence on stderr, nothing on stdout, and 1 when it is refused", async () => {
    const refused = await runCommand(["requests", "show", "--request", "r-none"], at());
    expect(refused).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(/^[A-Z].*\n$/s) });
    expect(refused.stderr).not.toContain("at ");
  });

  test("is the code and the message as one document when it is refused with --json", async () => {
    const refused = await ask<Failed>(["requests", "show", "--request", "r-none"], at());
    expect(refused).toMatchObject({ exitCode: 1, stderr: "", output: { error: { code: "not-found" } } });
  });

  test("is 2 when it was used wrongly", async () => {
    expect(await runCommand(["transfer", "export"], at())).toMatchObject({ exitCode: 2, stdout: "" });
    const asked = await ask<Failed>(["transfer", "exprt"], at());
    expect(asked).toMatchObject({ exitCode: 2, output: { error: { code: "usage" } } });
    expect((await runCommand(["station", "show"])).exitCode).toBe(2);
  });

  test("ends without a word when its reader has seen enough", async () => {
    const child = spawn("sh", ["-c", `"${launcher}" --help | head -1`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(errors).toBe("");
  });

  test.runIf(existsSync("/dev/full"))("says in one sentence that its output had no room", async () => {
    const child = spawn("sh", ["-c", `"${launcher}" --help > /dev/full`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
    expect(errors).toMatch(/^The output could not be written: ENOSPC.*\n$/);
  });

  test("lets nothing from outside act on the terminal", async () => {
    const hostile = `x${escape}[2J\u202e`;
    const missing = await runCommand(["peers", "add", "--card", join(folder, hostile)], at());
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("\\u001b[2J\\u202e");
    expect(missing.stderr).not.toContain(escape);
    const bodies = put("hostile.jsonl", `{"text":"a\u202eb\u009b31m"}\n`);
    const { ids } = await done<{ ids: string[] }>(
      ["requests", "submit", "--file", bodies, "--kind", "echo", "--user", "ann"],
      at(),
    );
    const shown = await runCommand(["requests", "show", "--request", ids[0] ?? ""], at());
    expect(shown.stdout).toContain("a\\u202eb\\u009b31m");
    const exact = await done<{ body: string }>(["requests", "show", "--request", ids[0] ?? ""], at());
    expect(exact.body).toBe(`{"text":"a\u202eb\u009b31m"}`);
  });
});

describe("the station and the passphrase", () => {
  test("come from the environment as well, relative to where the command runs", async () => {
    const env = { SALLYPORT_STATION: station, SALLYPORT_PASSPHRASE_FILE: passphraseFile };
    expect((await ask(["audit", "verify"], { env })).exitCode).toBe(0);
  });

  test("lose the final line feed of the file and nothing else", async () => {
    for (const [content, exitCode] of [
      ["correct horse battery staple", 0],
      ["correct horse battery staple\n", 0],
      ["correct horse battery staple\n\n", 1],
      ["correct horse battery staple \n", 1],
    ] as const) {
      const answer = await ask<Failed>(["audit", "verify"], {
        station,
        passphraseFile: put("other", content),
      });
      expect(answer.exitCode).toBe(exitCode);
      // A wrong passphrase makes the next wait: the right one in between takes the wait away again.
      if (exitCode === 1) await waitOut();
    }
  });

  test("are asked for in a sentence where there is neither file nor terminal", async () => {
    const refused = await ask<Failed>(["audit", "verify"], { station });
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "not-signed-in" } } });
    expect(refused.output.error.message).toContain("--passphrase-file");
  });

  test("that are not there are named", async () => {
    const lost = await ask<Failed>(["audit", "verify"], { station, passphraseFile: join(folder, "lost") });
    expect(lost.output.error).toMatchObject({ code: "not-found", path: join(folder, "lost") });
    const misspelt = join(folder, "lwo");
    const nowhere = await ask<Failed>(["station", "show"], { station: misspelt });
    expect(nowhere.output.error).toMatchObject({ code: "not-found", path: misspelt });
    expect(existsSync(misspelt)).toBe(false);
  });

  test("too short to wrap keys is refused when a station is founded", async () => {
    const short = { station: join(folder, "short"), passphraseFile: put("short-passphrase", "too short\n") };
    const refused = await ask<Failed>(
      ["station", "init", "--name", "x", "--side", "request", "--operator", "a"],
      short,
    );
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "bad-input" } } });
  });

  test("of a directory with other things in it is refused, and nothing is put there", async () => {
    const other = join(folder, "other-things");
    mkdirSync(other);
    writeFileSync(join(other, "thesis.txt"), "x");
    const founding = ["station", "init", "--name", "x", "--side", "request", "--operator", "a"];
    const refused = await ask<Failed>(founding, { station: other, passphraseFile });
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "not-ready" } } });
    expect(existsSync(join(other, "run"))).toBe(false);
  });
});

describe("files that flags name", () => {
  test("are written whole: a card for everybody, an identity for its owner alone", async () => {
    const card = join(folder, "low.card");
    const shown = await done<{ card: string; phrase: string }>(["station", "card", "--out", card], at());
    expect(readFileSync(card, "utf8")).toBe(shown.card);
    expect(shown.phrase.split(" ")).toHaveLength(8);

    const identity = join(folder, "low.identity");
    const secret = put("identity-passphrase", "another passphrase entirely\n");
    const flags = ["station", "identity", "--out", identity, "--identity-passphrase-file", secret];
    const handed = await done<{ identity: string }>(flags, at());
    expect(statSync(identity).mode & 0o777).toBe(0o600);
    expect(readFileSync(identity, "utf8")).toBe(handed.identity);
    expect(handed.identity).not.toContain("AGE-SECRET-KEY");
  });

  test("that can't be written are named, and nothing is left beside them", async () => {
    const refused = await ask<Failed>(["station", "card", "--out", join(folder, "no/such/card")], at());
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "medium-failed" } } });
  });

  test("of several MiB arrive whole, in pieces that cut no character", async () => {
    // 3 bytes a character: the pieces of 1 MiB end inside one.
    const body = JSON.stringify({ text: "北".repeat(1000) });
    const lines = put("large.jsonl", `${body}\n`.repeat(1000));
    expect(statSync(lines).size).toBeGreaterThan(2 * 1024 * 1024);
    const submit = ["requests", "submit", "--file", lines, "--kind", "echo", "--user", "ann"];
    const { ids } = await done<{ ids: string[] }>(submit, at());
    expect(new Set(ids).size).toBe(1000);
    const last = await done<{ body: string }>(["requests", "show", "--request", ids.at(-1) ?? ""], at());
    expect(last.body).toBe(body);
  });

  test("that are not UTF-8 are refused whole", async () => {
    const lines = put("latin.jsonl", Buffer.from('{"name":"Ren\xe9"}\n', "latin1"));
    const refused = await ask<Failed>(
      ["requests", "submit", "--file", lines, "--kind", "echo", "--user", "ann"],
      at(),
    );
    expect(refused).toMatchObject({ exitCode: 1, output: { error: { code: "bad-input", path: lines } } });
  });

  test("can be standard input", async () => {
    const args = ["requests", "submit", "--file", "-", "--kind", "echo", "--user", "bob", "--json"];
    const child = spawn(launcher, [...args, "--station", station, "--passphrase-file", passphraseFile], {
      env: { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.stdin.end('{"a":1}\n{"a":2}\n');
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect((JSON.parse(text) as { ids: string[] }).ids).toHaveLength(2);
  });
});

describe("an import", () => {
  test("of a medium without bags is done, with an empty list", async () => {
    const stick = join(folder, "empty-stick");
    mkdirSync(stick);
    expect(await ask(["transfer", "import", "--medium", stick], at())).toMatchObject({
      exitCode: 0,
      output: { bags: [] },
    });
  });

  test("that takes in less than everything ends with 1, and still says what became of each bag", async () => {
    const stick = join(folder, "bad-stick");
    mkdirSync(join(stick, "sallyport", "b000001-0123456789abcdef.v1", "data"), { recursive: true });
    const imported = await ask<{ bags: { state: string }[] }>(
      ["transfer", "import", "--medium", stick],
      at(),
    );
    expect(imported.exitCode).toBe(1);
    expect(imported.output.bags).toHaveLength(1);
  });
});

describe("a signal", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s brings serve to an orderly end", async (signal) => {
    const child = spawn(launcher, ["serve", "--station", station, "--no-browser"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const address = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").once("data", resolve);
      child.once("close", () => resolve(said));
    });
    if (said.includes("is not built")) return expect(address).toContain("npm run build");
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[A-Za-z0-9_-]{43}\n$/);
    expect(existsSync(join(station, "run/endpoint.sock"))).toBe(true);
    child.kill(signal);
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(existsSync(join(station, "run/endpoint.sock"))).toBe(false);
    expect(existsSync(join(station, "run/holder.json"))).toBe(false);
  });
});

/** The first wrong passphrases cost no wait; should one, this sits it out. */
async function waitOut(): Promise<void> {
  for (;;) {
    const { waitSeconds } = await done<{ waitSeconds: number }>(["session", "state"], { station });
    if (waitSeconds === 0) return;
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
  }
}
