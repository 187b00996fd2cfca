#!/usr/bin/env node
// Stands in for fpm, whose download electron-builder would start: `-s dir -t deb` by dpkg-deb, with the fields and scripts
// that electron-builder hands over.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const options = new Map();
const sources = [];
const args = process.argv.slice(2);
while (args.length > 0) {
  const word = args.shift();
  if (word === "--force" || word === "--debug") continue;
  if (word.startsWith("-")) options.set(word, [...(options.get(word) ?? []), args.shift()]);
  else sources.push(word);
}
const one = (name) => options.get(name)?.at(-1);
if (one("-t") !== "deb") throw new Error(`This stand-in for fpm makes deb alone, not ${one("-t")}.`);

const stage = mkdtempSync(join(tmpdir(), "sallyport-deb-"));
// dpkg-deb keeps the mode of the root folder, and mkdtemp's 0700 would lock / for everybody.
chmodSync(stage, 0o755);
try {
  for (const source of sources) {
    const [from, to] = source.split("=");
    mkdirSync(dirname(join(stage, to)), { recursive: true });
    cpSync(from, join(stage, to), { recursive: true, verbatimSymlinks: true });
  }
  mkdirSync(join(stage, "DEBIAN"));
  const [synopsis = "", ...text] = one("--description").trim().split("\n");
  const fields = {
    Package: one("--name"),
    Version: one("--version"),
    Architecture: one("--architecture"),
    Maintainer: one("--maintainer"),
    Section: one("--category"),
    Priority: one("--deb-priority"),
    Homepage: one("--url"),
    Depends: options.get("-d")?.join(", "),
    Recommends: options.get("--deb-recommends")?.join(", "),
    Description: [synopsis, ...text.map((line) => ` ${line.trim() || "."}`)].join("\n"),
  };
  const control = Object.entries(fields).filter(([, value]) => value);
  writeFileSync(
    join(stage, "DEBIAN/control"),
    control.map(([name, value]) => `${name}: ${value}\n`).join(""),
  );
  for (const [flag, name] of [
    ["--after-install", "postinst"],
    ["--after-remove", "postrm"],
  ]) {
    if (one(flag) === undefined) continue;
    copyFileSync(one(flag), join(stage, "DEBIAN", name));
    chmodSync(join(stage, "DEBIAN", name), 0o755);
  }
  const compression = ["-Zxz", "-z1"];
  const built = spawnSync(
    "dpkg-deb",
    ["--root-owner-group", ...compression, "--build", stage, one("--package")],
    { stdio: "inherit" },
  );
  process.exitCode = built.status ?? 1;
} finally {
  rmSync(stage, { recursive: true, force: true });
}
