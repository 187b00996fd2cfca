import { describe, expect, test } from "vitest";
import { contract } from "../../shared/contract/contract.ts";
import { commands } from "./commands.ts";
import { flagWords } from "./flag-words.ts";
import { UsageError } from "./options.ts";
import { parseCommand } from "./parse.ts";

const usage = async (line: string): Promise<string> => {
  const error: unknown = await parseCommand(line.split(" ")).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
};

describe("a command line", () => {
  test("becomes one operation with its flags", async () => {
    const parsed = await parseCommand([
      "requests",
      "submit",
      "--file",
      "x.jsonl",
      "--kind",
      "echo",
      "--user",
      "ann",
    ]);
    expect(parsed).toMatchObject({
      kind: "operation",
      operation: { path: ["requests", "submit"], access: { permission: "requests.submit" } },
      flags: { file: "x.jsonl", kind: "echo", user: "ann" },
    });
  });

  test("fills in what the contract has as a default", async () => {
    const parsed = await parseCommand(["requests", "list"]);
    expect(parsed).toMatchObject({ flags: { limit: 100 } });
  });

  test("names a verb of several words with hyphens", async () => {
    const parsed = await parseCommand(
      "peers accept-lineage --peer high --lineage 0123456789abcdef".split(" "),
    );
    expect(parsed).toMatchObject({ operation: { path: ["peers", "acceptLineage"] } });
  });

  test.each([
    ["an unknown area", "nothing", "unknown command 'nothing'"],
    ["an unknown verb, with the nearest one", "transfer exprt", "Did you mean export?"],
    ["an unknown flag", "transfer ledger --bogus 1", "unknown option '--bogus'"],
    ["a missing flag", "transfer export --to x", "--medium"],
    ["a value off its list", "station init --name x --side blue --operator a", "request, response"],
    [
      "a value off its pattern",
      "station init --name BAD --side request --operator a",
      "--name: 1 to 32 lower-case",
    ],
    ["a word for a number", "requests list --limit many", "--limit: expected number"],
    ["a number out of range", "requests list --limit 501", "--limit: Too big"],
    ["a word too many", "peers list extra", "too many arguments"],
    ["an operation of sessions", "session sign-in --passphrase x", "unknown command"],
    ["a piece of an upload", "uploads begin", "unknown command"],
    ["the prototype", "__proto__ toString", "unknown command"],
    ["a constructor", "transfer constructor", "unknown command"],
  ])("is a usage error with %s", async (_what, line, said) => {
    expect(await usage(line)).toContain(said);
  });

  test("answers an area alone with its verbs, as a usage error", async () => {
    expect(await usage("transfer")).toContain("quarantined");
  });

  test.each(["--help", "help", "help transfer", "transfer --help", "transfer export --help", ""])(
    "gives help for %j",
    async (line) => {
      const parsed = await parseCommand(line === "" ? [] : line.split(" "));
      expect(parsed).toMatchObject({ kind: "help", text: expect.stringContaining("--passphrase-file") });
    },
  );

  test("says in words what each flag stands for", async () => {
    for (const [area, verbs] of Object.entries(commands)) {
      for (const [verb, command] of Object.entries(verbs)) {
        if (command === null) continue;
        const hyphenated = verb.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        const parsed = await parseCommand([area, hyphenated, "--help"]);
        const text = parsed.kind === "help" ? parsed.text : "";
        expect(text).not.toMatch(/Pattern:|Min length|Minimum/);
      }
    }
    expect(Object.keys(flagWords).length).toBeGreaterThan(20);
  });

  test("exists for every operation, or is left out on purpose", () => {
    for (const [area, verbs] of Object.entries(contract)) {
      expect(Object.keys(commands[area as keyof typeof contract])).toEqual(Object.keys(verbs));
    }
  });
});
