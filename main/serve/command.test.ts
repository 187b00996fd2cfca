import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Here } from "../cli/here.ts";
import { readCommonOptions, UsageError } from "../cli/options.ts";
import { openTestStation } from "../station/testing/open-test-station.ts";
import { serveCommand } from "./command.ts";

vi.mock("../page/files.ts", () => ({
  readPageFiles: () => new Map([["/index.html", { type: "text/html", bytes: Buffer.from("the console") }]]),
}));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "serve-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Served {
  ended: Promise<number>;
  said: string[];
  next(): Promise<string>;
  press(): void;
  stop(): void;
}

function serve(...flags: string[]): Served {
  const said: string[] = [];
  let arrived = (): void => {};
  let stop = (): void => {};
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const here = {
    environment: {},
    workingDirectory: folder,
    stdin,
    stdout: {
      write: (text: string) => {
        said.push(text);
        arrived();
      },
    },
    stderr: { write: () => true },
    onSignal: (given: () => void) => (stop = given),
  } as unknown as Here;
  const ended = serveCommand(
    readCommonOptions(["serve", "--station", "low", "--no-browser", ...flags], {}),
    here,
  );
  return {
    ended,
    said,
    next: () => new Promise((resolve) => (arrived = () => resolve(said.at(-1) ?? ""))),
    press: () => void stdin.write("\n"),
    stop: () => stop(),
  };
}

describe("serve", () => {
  test("prints one address, opens an empty directory for the first run, and ends on a signal", async () => {
    const served = serve();
    const address = await served.next();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[A-Za-z0-9_-]{43}\n$/);
    expect((await fetch(address.trim())).status).toBe(200);
    served.stop();
    expect(await served.ended).toBe(0);
    await expect(fetch(address.trim())).rejects.toThrow("fetch failed");
  });

  test("prints a new address for each Enter, and the one before is void", async () => {
    const served = serve();
    const first = await served.next();
    const asked = served.next();
    served.press();
    const second = await asked;
    expect(second).not.toBe(first);
    const { origin } = new URL(first);
    const spend = (address: string): Promise<Response> =>
      fetch(`${origin}/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: origin },
        body: JSON.stringify({ token: new URL(address.trim()).hash.slice(3) }),
      });
    expect((await spend(first)).status).toBe(403);
    expect((await spend(second)).status).toBe(204);
    served.stop();
    expect(await served.ended).toBe(0);
  });

  test("writes a wrong token into the audit log of the station", async () => {
    const directory = join(folder, "low");
    await (await openTestStation("request", { directory })).close();
    const served = serve();
    const { origin } = new URL(await served.next());
    const guess = await fetch(`${origin}/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: origin },
      body: JSON.stringify({ token: "a guess" }),
    });
    expect(guess.status).toBe(403);
    const refused = (): string[] => {
      const db = new Database(join(directory, "station.db"), { readonly: true });
      const sql = "SELECT CAST(leaf AS TEXT) FROM audit_event WHERE action = 'session.entry-refused'";
      const leaves = db.prepare(sql).pluck().all() as string[];
      db.close();
      return leaves;
    };
    await vi.waitFor(() => expect(refused()).toHaveLength(1), 10_000);
    expect(refused()[0]).toContain("wrong one-time token");
    served.stop();
    expect(await served.ended).toBe(0);
  });

  test("says in a sentence that its port is taken, and lets go of the station", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serve("--port", String(port)).ended).rejects.toThrow(`Port ${port} is in use already`);
    other.close();
    const served = serve();
    await served.next();
    served.stop();
    expect(await served.ended).toBe(0);
  });

  test.each([["--port", "x"], ["--port", "-1"], ["--what"]])(
    "refuses %s %s as a usage error",
    async (...flags) => {
      await expect(serve(...flags.filter((flag) => flag !== undefined)).ended).rejects.toThrow(UsageError);
    },
  );
});
