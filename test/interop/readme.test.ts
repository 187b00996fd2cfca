import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exported } from "../support/answers.ts";
import { bodies } from "../support/bodies.ts";
import { at, foundPair } from "../support/stations.ts";
import type { Pair } from "../support/stations.ts";

/** A stranger with a fresh Debian opens a volume by doing what its README.txt says, and nothing else. */

const root = mkdtempSync(join(tmpdir(), "interop-readme-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const home = join(root, "home");
const medium = join(root, "stick");
const identityPassphrase = "a passphrase for one visit";
let pair: Pair;
let bag: string;
let readme: string;

/** Runs a command on a terminal of its own and answers its one question: age asks no pipe. */
function runOnTerminal(command: string, answer: string): Promise<void> {
  const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let asked = false;
    child.stdout.on("data", (shown: Buffer) => {
      if (asked || !/passphrase/i.test(shown.toString())) return;
      asked = true;
      child.stdin.write(`${answer}\n`);
    });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command}: exit ${code}`))));
  });
}

beforeAll(async () => {
  pair = await foundPair(root);
  const file = join(root, "submission.jsonl");
  writeFileSync(file, bodies.map((body) => `${body}\n`).join(""));
  await at(pair.low, ["requests", "submit", "--file", file, "--kind", "echo", "--user", "alice"]);
  mkdirSync(medium);
  const { volumes } = await at<Exported>(pair.low, [
    "transfer",
    "export",
    "--to",
    "high",
    "--medium",
    medium,
  ]);
  bag = join(medium, "sallyport", volumes[0] ?? "");
  readme = readFileSync(join(bag, "README.txt"), "utf8");

  const keys = join(home, "sallyport-keys");
  mkdirSync(keys, { recursive: true });
  cpSync(pair.low.cardFile, join(keys, "low.card"));
  const passphraseFile = join(root, "identity.passphrase");
  writeFileSync(passphraseFile, `${identityPassphrase}\n`);
  const locked = join(root, "identity.age");
  await at(pair.high, ["station", "identity", "--out", locked, "--identity-passphrase-file", passphraseFile]);
  // age takes an identity with and without a passphrase; without one its commands need no terminal.
  await runOnTerminal(`age -d -o '${join(keys, "identity.age")}' '${locked}'`, identityPassphrase);
}, 120_000);

/** The indented lines of the text, in their order. */
const commands = (): string[] =>
  readme
    .split("\n")
    .filter((line) => line.startsWith("    "))
    .map((line) => line.trim());

function run(command: string): string {
  return execFileSync("sh", ["-euc", command], { cwd: bag, env: { ...process.env, HOME: home } }).toString();
}

describe("the README of a volume", () => {
  test("names every stock tool and no tool of ours", () => {
    const text = commands().join("\n");
    for (const tool of ["sha256sum -c", "ssh-keygen -Y verify", "age -d", "zstd -d", "jq"])
      expect(text).toContain(tool);
    expect(text).not.toMatch(/bin\/sallyport|npm|node /);
  });

  test("its commands, run as they stand, all succeed and say that the signature is good", () => {
    const said = commands().map(run).join("");
    expect(said).toContain('Good "sallyport-batch@v1" signature for low');
    expect(said).not.toContain("FAILED");
  });

  test("what they leave is exactly what was submitted", () => {
    const opened = join(home, "sallyport-opened");
    const files = readdirSync(opened).filter((name) => name.endsWith(".jsonl"));
    const lines = files.flatMap((name) => readFileSync(join(opened, name), "utf8").split("\n").slice(0, -1));
    const requests = lines.filter((line) => line.startsWith('{"type":"request"'));
    expect(requests.map((line) => line.slice(line.indexOf('"body":') + 7, -1))).toEqual(bodies);
  });

  test("a changed byte makes a command fail", () => {
    const copy = join(root, "copy");
    cpSync(bag, copy, { recursive: true });
    const part = join(copy, "data", "part-00001.zst.age");
    const bytes = readFileSync(part);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(part, bytes);
    const check = (): unknown =>
      commands().map((command) =>
        execFileSync("sh", ["-euc", command], {
          cwd: copy,
          env: { ...process.env, HOME: home },
          stdio: "pipe",
        }),
      );
    expect(check).toThrow(/FAILED|failed/);
  });
});
