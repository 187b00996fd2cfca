import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { root } from "./paths.ts";
import { ensureDependencies, findNode24, lockHash } from "./setup/dependencies.mjs";

/** Runs the entry as if this Node were another version. */
function startUnder(version: string, verb: string) {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return spawnSync(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(pretend)}`,
      join(root, "scripts/start.mjs"),
      verb,
    ],
    { encoding: "utf8" },
  );
}

describe("the entry of every npm verb", () => {
  test.each(["12.22.12", "18.20.4", "20.18.3"])(
    "refuses Node %s in one sentence with the remedy",
    (version) => {
      const { status, stderr } = startUnder(version, "start");
      expect(status).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^Sallyport needs Node 20\\.19 or newer .* this is Node ${version}\\. .*\\n$`),
      );
    },
  );

  test("calls an unknown verb a usage error", () => {
    const { status, stderr } = startUnder("24.0.0", "fly");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^usage: /);
  });
});

describe("the dependencies", () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  function checkout(stamp: string | undefined): string {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-setup-"));
    folders.push(folder);
    writeFileSync(join(folder, "package-lock.json"), "{}");
    mkdirSync(join(folder, "node_modules"));
    if (stamp !== undefined) writeFileSync(join(folder, "node_modules/.sallyport-lock"), stamp);
    return folder;
  }

  test("npm is not started where the stamp is that of the lockfile", () => {
    const folder = checkout(undefined);
    writeFileSync(
      join(folder, "node_modules/.sallyport-lock"),
      `${lockHash(folder)} ${process.platform} ${process.arch}\n`,
    );
    // It would fail: an empty lockfile fits no package.json.
    expect(() => ensureDependencies(folder)).not.toThrow();
  });

  test("another lockfile is installed anew, and a failure is one sentence", () => {
    expect(() => ensureDependencies(checkout("another lockfile"))).toThrow(/^[^\n]+\.$/);
  });

  test("Node 24 is found among the dependencies", () => {
    const found = findNode24(root) ?? "";
    const { stdout } = spawnSync(found, ["--version"], { encoding: "utf8" });
    expect(stdout).toMatch(/^v24\./);
  });
});
