import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../../main/station/crypto/ed25519.ts";
import { formatVerifierKey } from "../../main/station/crypto/vkey.ts";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";

// tools/verify-audit.mjs shares no code with the station: what one writes, the other must find right, and only that.

const tool = fileURLToPath(new URL("../../tools/verify-audit.mjs", import.meta.url));

let folder: string;
let station: TestStation;
let client: TestClient;
let key: string;
let proofFile: string;

function verifyAudit(...argv: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...argv], { encoding: "utf8" });
  return { code: status, said: stdout + stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-verify-"));
  station = await openTestStation("request");
  client = await station.signedIn();
  for (let time = 0; time < 11; time += 1) {
    await client.requests.submit({ kind: "echo", user: "alice", source: { text: `${time}` } });
  }
  const proved = await client.audit.prove({ sequence: 5 });
  key = proved.keys[0] ?? "";
  proofFile = file("event-5.tlog-proof", proved.proof);
});
afterAll(async () => {
  await station.close();
  rmSync(folder, { recursive: true, force: true });
});

test("it imports nothing but Node", () => {
  const imports = [...readFileSync(tool, "utf8").matchAll(/^import .* from "(.*)";$/gm)].map(
    (match) => match[1],
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((name) => name?.startsWith("node:") !== true)).toEqual([]);
});

describe("a proof of one event", () => {
  test("verifies for every event of the log, under each name of the key", async () => {
    const { events } = await client.audit.standing({});
    for (let sequence = 1; sequence <= events; sequence += 1) {
      const { proof, keys } = await client.audit.prove({ sequence });
      for (const each of keys) {
        const path = file("one.tlog-proof", proof);
        expect(verifyAudit("proof", path, "--key", each)).toMatchObject({ code: 0 });
      }
    }
  });

  test.each<[string, (text: string) => string]>([
    ["another index", (text) => text.replace("index 4", "index 5")],
    [
      "another event in it",
      (text) =>
        text.replace(/extra (\S+)/, (_all, extra: string) => {
          const leaf = Buffer.from(extra, "base64").toString("utf8").replace("ada", "eve");
          return `extra ${Buffer.from(leaf).toString("base64")}`;
        }),
    ],
    ["another size", (text) => text.replace(/^(sallyport\/.*\n)\d+$/m, "$19999")],
    ["a hash less", (text) => text.replace(/(index 4\n)\S+\n/, "$1")],
    ["no signature", (text) => text.slice(0, text.indexOf("\u2014"))],
  ])("with %s is not verified", (_what, change) => {
    const text = readFileSync(proofFile, "utf8");
    expect(change(text)).not.toBe(text);
    const { code, said } = verifyAudit("proof", file("changed.tlog-proof", change(text)), "--key", key);
    expect({ code, said }).toMatchObject({
      code: 1,
      said: expect.stringContaining("NOT VERIFIED") as string,
    });
  });

  test("with a wrong key is never a pass", () => {
    const { publicKey } = generateSigningKeyPair();
    const wrong = formatVerifierKey("low", 1, publicKey);
    expect(verifyAudit("proof", proofFile, "--key", wrong)).toMatchObject({ code: 1 });
    expect(verifyAudit("proof", proofFile, "--key", key, "--witness", wrong)).toMatchObject({ code: 1 });
    expect(verifyAudit("proof", proofFile, "--key", `${key.slice(0, -2)}A=`)).toMatchObject({ code: 2 });
    expect(verifyAudit("proof", proofFile)).toMatchObject({ code: 2 });
  });
});

test("a log that grew is consistent with its old checkpoint, and with no other log's", async () => {
  const old = file("old.txt", (await client.audit.checkpoint({})).note);
  const since = (await client.audit.standing({})).events;
  for (let time = 0; time < 7; time += 1) {
    await client.requests.submit({ kind: "echo", user: "alice", source: { text: `${time}` } });
  }
  const { proof } = await client.audit.consistency({ since });
  const path = file("grown.txt", proof);
  expect(verifyAudit("consistency", path, "--old", old, "--key", key)).toMatchObject({ code: 0 });
  const shorter = file("shorter.txt", proof.replace(/\n\S+\n/, "\n"));
  expect(verifyAudit("consistency", shorter, "--old", old, "--key", key)).toMatchObject({ code: 1 });
  const elsewhere = file("elsewhere.txt", (await client.audit.consistency({ since: since - 1 })).proof);
  expect(verifyAudit("consistency", elsewhere, "--old", old, "--key", key)).toMatchObject({ code: 1 });
});

describe("an export", () => {
  const inside = (folder_: string, name: string): string => join(folder_, name);

  test("of the whole log is recomputed to its checkpoint; a changed, missing or added line is not", async () => {
    const { folder: made, whole, events, checkpointEvents, files } = await client.audit.export({ folder });
    expect({ whole, events }).toEqual({ whole: true, events: checkpointEvents });
    expect(files).toEqual(["events.jsonl", "events.csv", "checkpoint.txt", "README.txt"]);
    const checkpoint = inside(made, "checkpoint.txt");
    const verifyLines = (path: string) => verifyAudit("log", path, "--checkpoint", checkpoint, "--key", key);
    expect(verifyLines(inside(made, "events.jsonl"))).toMatchObject({ code: 0 });

    const lines = readFileSync(inside(made, "events.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(events);
    const changed = lines.with(3, (lines[3] ?? "").replace("ada", "eve"));
    expect(changed).not.toEqual(lines);
    for (const forged of [changed, lines.slice(0, -1), lines.slice(1), [...lines, lines[0]]]) {
      const path = file("forged.jsonl", `${forged.join("\n")}\n`);
      expect(verifyLines(path)).toMatchObject({ code: 1 });
    }
  });

  test("of what a search finds proves each line, and says that it is a selection", async () => {
    const {
      folder: made,
      whole,
      events,
    } = await client.audit.export({ folder, query: "action:submitted seq:3.." });
    expect(whole).toBe(false);
    expect(events).toBeGreaterThan(5);
    const proofs = inside(made, "proofs.jsonl");
    const argv = ["--checkpoint", inside(made, "checkpoint.txt"), "--key", key, "--proofs"];
    const { code, said } = verifyAudit("log", inside(made, "events.jsonl"), ...argv, proofs);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining("A selection") as string });

    const texts = readFileSync(proofs, "utf8").trimEnd().split("\n");
    const swapped = file("swapped.jsonl", `${[texts[1], texts[0], ...texts.slice(2)].join("\n")}\n`);
    expect(verifyAudit("log", inside(made, "events.jsonl"), ...argv, swapped)).toMatchObject({ code: 1 });
    const fewer = file("fewer.jsonl", `${texts.slice(1).join("\n")}\n`);
    expect(verifyAudit("log", inside(made, "events.jsonl"), ...argv, fewer)).toMatchObject({ code: 1 });
  });

  test("says so in the log before and after, and refuses a query that it doesn't understand", async () => {
    const { events } = await client.audit.search({ query: "action:export,exported outcome:done", limit: 2 });
    expect(events.map((event) => event.action)).toEqual(["audit.exported", "audit.export-begun"]);
    await expect(client.audit.export({ folder, query: "since:whenever" })).rejects.toMatchObject({
      code: "bad-input",
    });
    const nowhere = join(folder, "nowhere");
    await expect(client.audit.export({ folder: nowhere })).rejects.toMatchObject({ code: "medium-failed" });
  });
});
