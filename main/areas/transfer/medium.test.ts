import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MediumFault, MediumFolder } from "./medium.ts";

const root = mkdtempSync(join(tmpdir(), "medium-"));
let folder: MediumFolder;

beforeAll(() => {
  mkdirSync(join(root, "bag", "data"), { recursive: true });
  writeFileSync(join(root, "bag", "plain"), "twelve bytes");
  symlinkSync("plain", join(root, "bag", "link"));
  symlinkSync("data", join(root, "bag", "folder-link"));
  symlinkSync("/dev/zero", join(root, "bag", "endless"));
  symlinkSync("turning", join(root, "bag", "turning"));
  execFileSync("mkfifo", [join(root, "bag", "pipe")]);
  writeFileSync(join(root, "bag", "sparse"), "");
  truncateSync(join(root, "bag", "sparse"), 8 * 2 ** 40);
  folder = MediumFolder.open(root).folder("bag");
});
afterAll(() => folder.close());

function faultOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (error instanceof MediumFault) return error.fault;
    throw error;
  }
  return "opened";
}

describe("a folder of a medium", () => {
  test("opens plain files, and reads them whole up to a cap", () => {
    const file = folder.file("plain");
    expect(file.readWhole(12)?.toString()).toBe("twelve bytes");
    expect(folder.file("plain").readWhole(11)).toBeNull();
    file.close();
  });

  test.each(["link", "endless", "turning", "pipe", "data"])("never opens %s as a file", (name) => {
    expect(faultOf(() => folder.file(name))).toBe("not-a-regular-file");
  });

  test.each(["folder-link", "plain", "turning", "pipe"])("never opens %s as a folder", (name) => {
    expect(faultOf(() => folder.folder(name))).toBe("not-a-regular-file");
  });

  test("does not wait for a socket", async () => {
    const server = createServer().listen(join(root, "bag", "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(faultOf(() => folder.file("socket"))).toBe("not-a-regular-file");
    await new Promise((resolve) => server.close(resolve));
  });

  test("says that a name is absent, and that it is no folder at all", () => {
    expect(faultOf(() => folder.file("nothing"))).toBe("absent");
    expect(faultOf(() => MediumFolder.open(join(root, "nothing")))).toBe("absent");
    expect(faultOf(() => MediumFolder.open(join(root, "bag", "plain")))).toBe("not-a-regular-file");
  });

  test("refuses a file of eight tebibytes without reading it", () => {
    expect(folder.file("sparse").readWhole(1024)).toBeNull();
  });

  test("stays the folder that was opened when its name is given to a link", () => {
    mkdirSync(join(root, "swapped"));
    writeFileSync(join(root, "swapped", "inside"), "first");
    const opened = MediumFolder.open(root).folder("swapped");
    execFileSync("mv", [join(root, "swapped"), join(root, "moved")]);
    symlinkSync("/etc", join(root, "swapped"));
    expect(opened.file("inside").readWhole(10)?.toString()).toBe("first");
    expect(faultOf(() => opened.file("passwd"))).toBe("absent");
    opened.close();
  });

  test("lists each entry by what it is", () => {
    const kinds = Object.fromEntries([...folder.entries()].map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({ plain: "file", data: "folder", link: "other", pipe: "other" });
  });
});
