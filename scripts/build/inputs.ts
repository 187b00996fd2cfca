import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const inputs = [
  "{shared,main,preload,renderer}/**/*.*",
  "scripts/build.ts",
  "scripts/build/*.ts",
  "package-lock.json",
];

const rememberedIn = (root: string): string => join(root, "dist/.built-from");

/** SHA-256 in hex over names and bytes of everything a build reads, tests left out. */
export function inputHash(root: string): string {
  const hash = createHash("sha256");
  const files = globSync(inputs, { cwd: root }).filter((file) => !/\.test(-d)?\.tsx?$/.test(file));
  for (const file of files.toSorted()) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** The input hash of what lies in dist/, or undefined when there is no complete build. */
export function builtFrom(root: string): string | undefined {
  return existsSync(rememberedIn(root)) ? readFileSync(rememberedIn(root), "utf8") : undefined;
}

/** To be called last, after every bundle is written. */
export function rememberBuild(root: string, hash: string): void {
  writeFileSync(rememberedIn(root), hash);
}
