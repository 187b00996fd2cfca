import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { packed } from "./packed.ts";

const deb = packed("*.deb");
const ask = (...args: readonly string[]): string =>
  execFileSync("dpkg-deb", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

describe("the Debian package", () => {
  test("names itself, its machine and the libraries that Electron needs", () => {
    expect(ask("-f", deb, "Package").trim()).toBe("sallyport");
    expect(ask("-f", deb, "Architecture").trim()).toBe(process.arch === "x64" ? "amd64" : "arm64");
    expect(ask("-f", deb, "Depends")).toContain("libgtk-3-0");
    expect(ask("-f", deb, "Description").trim()).not.toBe("");
  });

  test("owns its files as root and leaves / open to everybody", () => {
    const listing = ask("-c", deb).split("\n").filter(Boolean);
    expect(listing[0]).toMatch(/^drwxr-xr-x root\/root .* \.\/$/);
    expect(listing.filter((line) => !/ root\/root /.test(line))).toEqual([]);
  });

  test("installs the program, a menu entry with our mark and an AppArmor profile", () => {
    const listing = ask("-c", deb);
    expect(listing).toContain("./opt/Sallyport/sallyport");
    expect(listing).toContain("./opt/Sallyport/resources/cli/bin/sallyport");
    expect(listing).toContain("./usr/share/applications/sallyport.desktop");
    expect(listing).toContain("./usr/share/icons/hicolor/scalable/apps/sallyport.svg");
    expect(ask("--ctrl-tarfile", deb)).toContain("apparmor");
  });
});
