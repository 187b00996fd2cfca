import { isContractProcedure } from "@orpc/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Access } from "../../shared/contract/access.ts";
import { contract } from "../../shared/contract/contract.ts";
import { isErrorCode } from "../../shared/errors.ts";
import { faces, passphrase, type Face, type FaceConnection } from "./faces.ts";

const commandLine = "on the command line";

/** Every operation of the contract by its path. */
const operations = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs).flatMap(([verb, procedure]) =>
    isContractProcedure(procedure) ? [{ path: [area, verb], access: procedure["~orpc"].meta as Access }] : [],
  ),
);

/** Those that a command line can call without a flag: what lacks one is a usage error before anything else. */
const withoutFlags = [
  "audit.verify",
  "audit.list",
  "peers.list",
  "transfer.ledger",
  "requests.counts",
  "media.list",
];

/** Names that every object of JavaScript answers to, and what libraries hide under. */
const lacking = [
  ["nothing"],
  ["transfer", "nothing"],
  ["__proto__"],
  ["constructor"],
  ["prototype"],
  ["then"],
  ["toString"],
  ["transfer", "__proto__"],
  ["transfer", "constructor"],
  ["transfer", "then"],
  ["transfer", "export", "call"],
  ["transfer", "export", "~orpc"],
  ["~orpc"],
  ["session", "signIn", "bind"],
  ["session", "../station/init"],
];

/** Frames that no client of ours sends. */
const hostileFrames: [string, unknown][] = [
  ["no JSON", "not a frame"],
  ["nothing", ""],
  ["null", "null"],
  ["a number", "7"],
  ["a list", "[]"],
  ["an object without anything", "{}"],
  ["a request without an address", '{"i":"1","p":{}}'],
  ["a request with an address that is none", '{"i":"1","p":{"u":"http://["}}'],
  ["a request whose address is an object", '{"i":"1","p":{"u":{}}}'],
  ["bytes that are no JSON", Uint8Array.of(0xff, 0xfe, 0x00)],
];

/** Frames that can be read, and ask for what nobody offers. */
const oddFrames: [string, unknown][] = [
  [
    "a body of parts that is none",
    '{"i":"1","p":{"u":"/session/state","h":{"content-type":"multipart/form-data"},"b":1}}',
  ],
  ["a method that none has", '{"i":"1","p":{"u":"/session/state","m":"TRACE"}}'],
  ["an address elsewhere", '{"i":"1","p":{"u":"https://evil.example/session/state"}}'],
  ["an event for a stream that isn't", '{"i":"9","t":3,"p":{"e":"message","d":1}}'],
  ["an end for a call that isn't", '{"i":"9","t":4}'],
];

describe.each(Object.entries(faces))("the contract %s", (name, open) => {
  let face: Face;
  let locked: FaceConnection;
  let signedIn: FaceConnection;

  beforeAll(async () => {
    face = await open();
    locked = await face.connect();
    signedIn = await face.connect();
    expect(await signedIn.call(["session", "signIn"], { passphrase })).toMatchObject({ ok: true });
  });

  afterAll(async () => {
    locked.close();
    signedIn.close();
    await face.close();
  });

  test("answers what it has", async () => {
    const answer = await locked.call(["session", "state"], {});
    const station = { name: "low", side: "request" };
    expect(answer).toMatchObject({ ok: true, output: { phase: "locked", station } });
  });

  test.each(lacking.map((path) => [path]))("has no operation %j", async (path) => {
    const answer = await signedIn.call(path, {});
    expect(answer).toMatchObject({ ok: false, code: name === commandLine ? "usage" : "no-such-operation" });
  });

  test("asks for a session before it looks at anything", async () => {
    const closed = operations.filter(({ access }) => access.permission !== "public").map(({ path }) => path);
    const callable =
      name === commandLine ? closed.filter((path) => withoutFlags.includes(path.join("."))) : closed;
    for (const path of callable) {
      const answer = await locked.call(path, {});
      expect({ path, ...answer }).toMatchObject({ path, ok: false, code: "not-signed-in" });
    }
    expect(callable.length).toBeGreaterThanOrEqual(withoutFlags.length);
  });

  test.each<[string, string[], Record<string, unknown>, string, string]>([
    [
      "a word where a number belongs",
      ["requests", "list"],
      { limit: "many" },
      "At limit: expected number",
      "--limit",
    ],
    ["a number out of range", ["requests", "list"], { limit: 501 }, "At limit: ", "--limit"],
    ["a word off its list", ["requests", "list"], { state: "lost" }, "At state: ", "--state"],
    ["a word off its pattern", ["requests", "show"], { request: "../x" }, "At request: ", "--request"],
    ["a missing field", ["requests", "show"], {}, "At request: expected string", "--request"],
    ["an unknown key", ["audit", "verify"], { extra: 1 }, '"extra"', "--extra"],
    [
      "a key that every object has",
      ["session", "state"],
      { constructor: "x" },
      '"constructor"',
      "--constructor",
    ],
  ])("refuses %s and says where", async (_what, path, input, said, flag) => {
    const answer = await signedIn.call(path, input);
    const code = name === commandLine ? "usage" : "bad-input";
    const message = expect.stringContaining(name === commandLine ? flag : said) as string;
    expect(answer).toMatchObject({ ok: false, code, message });
  });

  test("says what is not there", async () => {
    const missing = { ok: false, code: "not-found" };
    expect(await signedIn.call(["requests", "show"], { request: "r-none" })).toMatchObject(missing);
    expect(await signedIn.call(["peers", "phrase"], { peer: "nobody" })).toMatchObject(missing);
  });

  test("keeps a session to its connection", async () => {
    const other = await face.connect();
    expect(await other.call(["audit", "verify"], {})).toMatchObject({ ok: false, code: "not-signed-in" });
    expect(await signedIn.call(["audit", "verify"], {})).toMatchObject({ ok: true, output: { ok: true } });
    other.close();
  });

  // The command line has neither streams nor frames, and its flags are its own: parse.test.ts tries those.
  if (name === commandLine) return;
  describe("as frames", () => {
    test("answers with errors of the closed set alone, whatever is sent", async () => {
      const connection = await face.connect();
      const reading = operations.filter(
        ({ access, path }) => access.effect === "read" && path[1] !== "changes",
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...reading), fc.jsonValue(), async ({ path }, input) => {
          const answer = await connection.call(path, input);
          expect(answer.ok || isErrorCode(answer.code)).toBe(true);
        }),
        { numRuns: 150 },
      );
      connection.close();
    });

    test("ends a stream when its reader breaks off, and serves on", async () => {
      const connection = await face.connect();
      const answer = await connection.call(["watch", "changes"], {});
      if (!answer.ok) throw new Error(answer.message);
      const stream = answer.output as AsyncGenerator<unknown, unknown>;
      const reading = stream.next();
      await signedIn.call(["session", "signIn"], { passphrase });
      expect(await reading).toMatchObject({
        done: false,
        value: { topics: expect.arrayContaining(["session"]) as string[] },
      });
      await stream.return(undefined);
      expect(await stream.next()).toMatchObject({ done: true });
      expect(await connection.call(["session", "state"], {})).toMatchObject({ ok: true });
      connection.close();
    });

    test.each(hostileFrames)(
      "close their connection when they are %s, and no other",
      async (_what, frame) => {
        const hostile = await face.connect();
        hostile.sendRaw?.(frame);
        await hostile.closed;
        expect(await signedIn.call(["session", "state"], {})).toMatchObject({
          ok: true,
          output: { phase: "open" },
        });
      },
    );

    test.each(oddFrames)("do no harm when they are %s", async (_what, frame) => {
      const odd = await face.connect();
      odd.sendRaw?.(frame);
      await signedIn.call(["session", "state"], {});
      expect(await signedIn.call(["session", "state"], {})).toMatchObject({
        ok: true,
        output: { phase: "open" },
      });
      odd.close();
    });
  });
});
