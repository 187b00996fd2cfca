import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { node24Folder, packed } from "./packed.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-installed-"));
const station = join(folder, "station");
const passphraseFile = join(folder, "passphrase");
let launcher = "";

const environment = {
  PATH: `${node24Folder}:/usr/bin:/bin`,
  HOME: folder,
  NODE_ENV: "test",
  SALLYPORT_TEST_FAST_KDF: "1",
};

beforeAll(() => {
  execFileSync("tar", ["-xzf", packed("*.tar.gz"), "-C", folder, "--strip-components=1"]);
  launcher = join(folder, "resources/cli/bin/sallyport");
  writeFileSync(passphraseFile, "a passphrase for a test\n", { mode: 0o600 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sallyport = (...args: readonly string[]) =>
  spawnSync(launcher, [...args, "--station", station, "--passphrase-file", passphraseFile, "--json"], {
    cwd: "/",
    env: environment,
    encoding: "utf8",
  });

describe("the command line in the packed archive", () => {
  test("founds a station and shows it, under a plain Node 24", () => {
    const founded = sallyport("station", "init", "--name", "low", "--side", "request", "--operator", "admin");
    expect(founded.stderr).toBe("");
    expect(founded.status).toBe(0);
    const shown = sallyport("station", "show");
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: "low", side: "request" });
  });

  test("serves the packed console on loopback until it is told to end", async () => {
    const serve = spawn(launcher, ["serve", "--station", station, "--no-browser"], {
      cwd: "/",
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => serve.on("close", (code, signal) => resolve(code ?? signal)));
    try {
      const lines = createInterface(serve.stdout)[Symbol.asyncIterator]();
      const { value } = (await lines.next()) as { value: string };
      expect(value).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=/);
      const page = await fetch(new URL("/", value));
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("<script");
    } finally {
      serve.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
  });

  test("says in one sentence what it needs where there is no Node 24", () => {
    // The tools that the launcher itself uses, and no Node.
    const tools = join(folder, "tools");
    mkdirSync(tools);
    for (const tool of ["sh", "dirname", "readlink"]) symlinkSync(join("/usr/bin", tool), join(tools, tool));
    const without = spawnSync(launcher, ["station", "show"], { env: { PATH: tools }, encoding: "utf8" });
    expect(without.status).toBe(1);
    expect(without.stderr).toMatch(/^sallyport: it needs Node 24, and found none\..*\n$/);
  });
});
