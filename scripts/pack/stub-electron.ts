import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Marks the fuse wire in Electron's binary (electron/build/fuses). */
const fuseSentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
/** Version 1 of the wire, and the nine fuses of Electron 45 as it ships them: "1" is on, "0" off. */
const fuseWire = `${fuseSentinel}\u0001\u0009${"101100011"}`;

/**
 * Writes what stands in for an unpacked Electron where its binary can't be had: everything electron-builder and the fuse
 * tool look at, and a program that says what it is. Packages made from it prove the packing, nothing else.
 */
export function writeStubElectron(folder: string, version: string): void {
  const program =
    '#!/bin/sh\necho "This package was made without Electron, to test the packing." >&2\nexit 1\n';
  mkdirSync(join(folder, "resources"), { recursive: true });
  mkdirSync(join(folder, "locales"));
  writeFileSync(join(folder, "electron"), `${program}# ${fuseWire}\n`, { mode: 0o755 });
  writeFileSync(join(folder, "chrome-sandbox"), "", { mode: 0o755 });
  writeFileSync(join(folder, "version"), version);
  for (const language of ["en-US", "de"]) writeFileSync(join(folder, "locales", `${language}.pak`), "");
  for (const name of ["LICENSE", "LICENSES.chromium.html"]) writeFileSync(join(folder, name), "");
}
