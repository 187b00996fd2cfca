import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Here } from "./here.ts";
import { run } from "./run.ts";

let folder: string;

beforeAll(() => {
  process.env["NODE_ENV"] = "test";
  process.env["SALLYPORT_TEST_FAST_KDF"] = "1";
  folder = mkdtempSync(join(tmpdir(), "run-"));
  mkdirSync(join(folder, "stick"));
  writeFileSync(join(folder, "passphrase"), "correct horse battery staple\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number;
  out: string;
  err: string;
}

interface Around {
  stdin?: string;
  /** Is handed what a signal would call. */
  signal?: (stop: () => void) => void;
}

/** A command as it runs in a process, with what it printed. */
async function command(line: string | string[], { stdin = "", signal }: Around = {}): Promise<Ran> {
  const ran = { code: 0, out: "", err: "" };
  const here = {
    environment: { SALLYPORT_PASSPHRASE_FILE: "passphrase" },
    workingDirectory: folder,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: { write: (text: string) => (ran.out += text) },
    stderr: { write: (text: string) => (ran.err += text) },
    onSignal: signal ?? (() => {}),
  } as unknown as Here;
  ran.code = await run(typeof line === "string" ? line.split(" ") : line, here);
  return ran;
}

const low = async (line: string, around?: Around): Promise<Ran> =>
  command([...line.split(" "), "--station", "low"], around);
const high = async (line: string, around?: Around): Promise<Ran> =>
  command([...line.split(" "), "--station", "high"], around);

describe("the command line", () => {
  test("carries work across and back, and says so in sentences", async () => {
    expect((await low("station init --name low --side request --operator admin")).out).toContain(
      "Founded the request station low for one person.",
    );
    expect((await high("station init --name high --side response --operator admin")).code).toBe(0);
    expect((await low("station card --out low.card")).out).toContain("Read these words aloud");
    await high("station card --out high.card");

    const phraseOf = async (add: Promise<Ran>): Promise<string> =>
      (JSON.parse((await add).out) as { phrase: string }).phrase;
    const phraseOfHigh = await phraseOf(low("peers add --card high.card --json"));
    const phraseOfLow = await phraseOf(high("peers add --card low.card --json"));
    expect((await low("peers list")).out).toMatch(/high +response +pending/);
    expect((await low("peers phrase --peer high")).out).toContain(phraseOfHigh);
    const trust = ["peers", "trust", "--peer", "high", "--phrase", phraseOfHigh, "--station", "low"];
    expect((await command(trust)).out).toContain("high is trusted");
    await command(["peers", "trust", "--peer", "low", "--phrase", phraseOfLow, "--station", "high"]);

    expect((await high("documents load --file -", { stdin: '{"text":"a door"}\n' })).out).toContain(
      "1 document",
    );
    const submitted = await low("requests submit --file - --kind echo --user ann", {
      stdin: '{"a":1}\n{"b":"\u202e"}\n',
    });
    expect(submitted.out).toContain("Submitted 2 requests");
    expect((await low("requests list")).out).toMatch(/echo +ann +waiting/);
    expect((await low("requests counts")).out).toMatch(/waiting +2/);
    expect((await low("transfer outbox")).out).toContain("2 requests");
    expect((await low("transfer export --to high --medium stick")).out).toMatch(/Batch 1 .* 2 records/);

    expect((await high("transfer inspect --medium stick")).out).toContain("verified");
    expect((await high("transfer explain --medium stick")).code).toBe(0);
    expect(await high("transfer import --medium stick")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/imported +- +2/),
    });
    expect((await high("requests run")).out).toContain("Answered 2 requests");
    await high("transfer export --to low --medium stick");
    expect((await low("transfer import --medium stick")).code).toBe(0);

    const listed = JSON.parse((await low("requests list --json")).out) as { requests: { id: string }[] };
    const id = listed.requests[0]?.id ?? "";
    expect((await low(`responses get --request ${id}`)).out).toContain('{"b":"\\u202e"}');
    expect((await low(`requests show --request ${id}`)).out).toContain("answer-imported");
    await low(`responses get --request ${id} --out answer.json`);
    expect(readFileSync(join(folder, "answer.json"), "utf8")).toBe('{"b":"\u202e"}');
    expect((await low("transfer ledger")).out).toMatch(/request-to-response +1 +imported/);
    expect((await low("transfer history")).out).toMatch(/high +request-to-response/);
    expect((await low("audit verify")).out).toContain("The log is whole");
    expect((await low("audit list --limit 2")).out).toContain("There is more: add --after");
    expect((await low("audit show --sequence 1")).out).toContain("station.founded");
    expect((await low("watch summary")).code).toBe(0);
    expect((await low("station show")).out).toContain("synchronous FULL");
    expect((await low("session state")).out).toContain("locked");
    expect((await low("media list")).code).toBe(0);
    expect((await low("media look --medium stick")).out).toContain("file system");
    expect((await low("transfer quarantine")).out).toContain("No refused lines");
    expect((await low("transfer jobs")).code).toBe(0);
    expect((await high("documents count")).code).toBe(0);
    expect((await low("transfer export --to high --medium stick")).code).toBe(0);
    expect((await low("peers revoke --peer high")).out).toContain("is revoked");
  }, 240_000);

  test("says what it can do, what it is and what it speaks", async () => {
    expect(await command("--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("sallyport serve"),
    });
    expect(await command("serve --help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("--no-browser"),
    });
    expect((await command("--version")).out).toMatch(/^sallyport \d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await command("--version --json")).out)).toHaveProperty("version");
    expect(JSON.parse((await command("openapi")).out)).toMatchObject({ openapi: "3.1.1" });
  });

  test("is wrongly used: 2, a sentence and the way to the help", async () => {
    for (const line of [
      "nothing",
      "station show",
      "serve --port 70000 --station x",
      "serve",
      "serve --what",
      "--station",
    ]) {
      const used = await command(line);
      expect(used).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/\S/) });
    }
  });

  test("stops on a signal, even while it waits for its input", async () => {
    let stop = (): void => {};
    const endless = new Readable({ read: () => {} });
    const ran = { out: "", err: "" };
    const here = {
      environment: { SALLYPORT_PASSPHRASE_FILE: "passphrase", SALLYPORT_STATION: "low" },
      workingDirectory: folder,
      stdin: endless,
      stdout: { write: (text: string) => (ran.out += text) },
      stderr: { write: (text: string) => (ran.err += text) },
      onSignal: (given: () => void) => {
        stop = given;
        setTimeout(stop, 300);
      },
    } as unknown as Here;
    const code = await run(["requests", "submit", "--file", "-", "--kind", "echo", "--user", "ann"], here);
    expect({ code, ...ran }).toEqual({
      code: 1,
      out: "",
      err: expect.stringContaining("What was committed is safe"),
    });
    expect((await low("audit verify")).code).toBe(0);
  });
});
