import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { done, runCommand } from "../support/command-line.ts";

const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));
const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const counter = fileURLToPath(new URL("../support/count-egress.ts", import.meta.url));

let folder: string;
let counted: string;
let env: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "egress-"));
  counted = join(folder, "attempts");
  env = { SALLYPORT_TEST_EGRESS_FILE: counted, NODE_OPTIONS: `--import=${counter}` };
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What left, or tried to; and whether processes and threads were watched at all. */
function attempts(): { left: string[]; watched: Set<string> } {
  const lines = existsSync(counted) ? readFileSync(counted, "utf8").trim().split("\n") : [];
  rmSync(counted, { force: true });
  return {
    left: lines.filter((line) => !line.startsWith("watching ")),
    watched: new Set(lines.filter((line) => line.startsWith("watching "))),
  };
}

test("the counter sees an attempt, from a process and from a thread", () => {
  // From a file: Node preloads nothing into a thread whose source is a string.
  const thread = join(folder, "thread.mjs");
  writeFileSync(thread, "fetch('http://192.0.2.2/').catch(() => {});\n");
  const script = `
    fetch("http://192.0.2.1/").catch(() => {});
    try { require("node:dns").promises.lookup("example.invalid") } catch {}
    new (require("node:worker_threads").Worker)(${JSON.stringify(thread)})`;
  spawnSync(node, ["-e", script], { env: { ...process.env, ...env } });
  const { left, watched } = attempts();
  expect(left.toSorted()).toEqual(["connect 192.0.2.1", "connect 192.0.2.2", "lookup example.invalid"]);
  expect(watched).toEqual(new Set(["watching process", "watching thread"]));
});

test("a crossing there and back asks for nothing outside this machine", async () => {
  const stick = join(folder, "stick");
  mkdirSync(stick);
  const passphraseFile = join(folder, "passphrase");
  writeFileSync(passphraseFile, "correct horse battery staple\n", { mode: 0o600 });
  const low = { station: join(folder, "low"), passphraseFile, env };
  const high = { station: join(folder, "high"), passphraseFile, env };
  for (const [name, side, at, peer] of [
    ["low", "request", low, "high"],
    ["high", "response", high, "low"],
  ] as const) {
    await done(["station", "init", "--name", name, "--side", side, "--operator", "admin"], at);
    await done(["station", "card", "--out", join(folder, `${name}.card`)], at);
    expect(peer).not.toBe(name);
  }
  for (const [at, peer] of [
    [low, "high"],
    [high, "low"],
  ] as const) {
    const { phrase } = await done<{ phrase: string }>(
      ["peers", "add", "--card", join(folder, `${peer}.card`)],
      at,
    );
    await done(["peers", "trust", "--peer", peer, "--phrase", phrase], at);
  }
  writeFileSync(join(folder, "requests.jsonl"), '{"a":1}\n');
  await done(
    ["requests", "submit", "--file", join(folder, "requests.jsonl"), "--kind", "echo", "--user", "ann"],
    low,
  );
  await done(["transfer", "export", "--to", "high", "--medium", stick], low);
  await done(["transfer", "import", "--medium", stick], high);
  await done(["requests", "run"], high);
  await done(["transfer", "export", "--to", "low", "--medium", stick], high);
  await done(["transfer", "import", "--medium", stick], low);
  await done(["media", "list"], low);
  expect((await runCommand(["--help"], { env })).exitCode).toBe(0);
  const { left, watched } = attempts();
  expect(left).toEqual([]);
  expect(watched).toEqual(new Set(["watching process", "watching thread"]));
}, 240_000);

test("serve reaches nothing but the browser that came to it", async () => {
  const child = spawn(launcher, ["serve", "--station", join(folder, "low"), "--no-browser"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const address = await new Promise<string>((resolve) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("close", () => resolve(said));
  });
  if (!said.includes("is not built")) {
    const origin = new URL(address).origin;
    const token = new URLSearchParams(new URL(address).hash.slice(1)).get("t");
    const headers = { "Content-Type": "application/json", Origin: origin };
    const admitted = await fetch(`${origin}/session`, {
      method: "POST",
      headers,
      body: JSON.stringify({ token }),
    });
    expect(admitted.status).toBe(204);
    const cookie = admitted.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect((await fetch(origin, { headers: { Cookie: cookie } })).status).toBe(200);
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
  }
  expect(attempts().left).toEqual([]);
}, 60_000);

const namespaces = spawnSync("unshare", ["-n", "true"]).status === 0;
if (!namespaces)
  console.log(
    "not tried: the first commands without any network, because this user may not make a network namespace",
  );

test.runIf(namespaces)(
  "the first commands work on a machine without any network",
  () => {
    const station = join(folder, "alone");
    const init = `"${launcher}" station init --name alone --side request --operator admin --station "${station}" --passphrase-file "${join(folder, "passphrase")}"`;
    const script = `${init} && "${launcher}" station show --station "${station}" --json`;
    const alone = spawnSync("unshare", ["-n", "sh", "-c", script], {
      encoding: "utf8",
      env: { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" },
    });
    expect(alone.stderr).toBe("");
    expect(alone.status).toBe(0);
  },
  60_000,
);
