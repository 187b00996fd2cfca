import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./paths.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-launcher-"));
const launcher = join(folder, "home/bin/sallyport");
const withNode24 = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

beforeAll(() => {
  mkdirSync(dirname(launcher), { recursive: true });
  copyFileSync(join(root, "bin/sallyport"), launcher);
});

afterAll(() => rmSync(folder, { recursive: true }));

const launch = (file: string, env: Record<string, string>) =>
  spawnSync(file, ["one", "two words"], { cwd: "/", env, encoding: "utf8" });

describe("the launcher, in this order of what is missing", () => {
  test("says that there is no command line", () => {
    const { status, stderr } = launch(launcher, withNode24);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sallyport: no command line in .*\n$/);
  });

  test("says how to install its parts", () => {
    mkdirSync(join(folder, "home/dist/cli"), { recursive: true });
    writeFileSync(
      join(folder, "home/dist/cli/main.js"),
      "console.log(JSON.stringify(process.argv.slice(2)))",
    );
    const { status, stderr } = launch(launcher, withNode24);
    expect(status).toBe(1);
    expect(stderr).toMatch(/not installed yet.*npm start.*\n$/);
  });

  test("passes every argument on, from any folder and through a symbolic link", () => {
    mkdirSync(join(folder, "home/node_modules/better-sqlite3"), { recursive: true });
    symlinkSync(launcher, join(folder, "link"));
    expect(JSON.parse(launch(join(folder, "link"), withNode24).stdout)).toEqual(["one", "two words"]);
  });

  test("refuses an older Node and says which one it found", () => {
    const old = join(folder, "old");
    mkdirSync(old);
    writeFileSync(join(old, "node"), "#!/bin/sh\necho 20\n", { mode: 0o755 });
    const { status, stderr } = launch(launcher, { PATH: `${old}:/usr/bin:/bin` });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sallyport: it needs Node 24, and found Node 20\. .*\n$/);
  });

  test("runs the sources where there are sources", () => {
    mkdirSync(join(folder, "home/main/cli"), { recursive: true });
    writeFileSync(
      join(folder, "home/main/cli/main.ts"),
      "const said: string = 'from source';\nconsole.log(said);\n",
    );
    expect(launch(launcher, withNode24).stdout).toBe("from source\n");
  });
});
