import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostileCase } from "../case.ts";
import { imports, refused } from "../case.ts";
import { contentOf, rewrite, signatureName, tagNames, tagmanifestName } from "../forge/bag.ts";
import type { Files, Oddity } from "../forge/bag.ts";

/** Step 1: what the directories and names may be, before anything is parsed. */

const part = "data/part-00001.zst.age";
const manifestPart = "data/manifest.zst.age";
const everyFile = [...tagNames, tagmanifestName, signatureName, manifestPart, part];

const put =
  (name: string, content: Uint8Array | Oddity) =>
  (files: Files): void => {
    files.set(name, content);
  };

function grownTo(name: string, sizeBytes: number): (files: Files) => void {
  return (files) => {
    files.set(
      name,
      Buffer.concat([contentOf(files, name), Buffer.alloc(sizeBytes, " ")]).subarray(0, sizeBytes),
    );
  };
}

const oddities: readonly [string, Oddity][] = [
  ["a link to a system file", { kind: "symlink", target: "/etc/passwd" }],
  ["a link to an endless device", { kind: "symlink", target: "/dev/zero" }],
  ["a link to itself", { kind: "symlink", target: "itself" }],
  ["a FIFO that nobody writes", { kind: "fifo" }],
  ["a directory", { kind: "directory" }],
];

const replaced: HostileCase[] = everyFile.flatMap((name) =>
  oddities.map(([what, oddity]) => ({
    name: `${name} is ${what}`,
    bag: { changes: { after: put(name, oddity) } },
    expect: refused("not-a-regular-file"),
  })),
);

const strangers: HostileCase[] = [
  "extra.txt",
  "BAGIT.TXT",
  "bagit.txt ",
  "bagit.txt.",
  "batch.json.bak",
  "manifest-sha512.txt",
  "manifest-md5.txt",
  "tagmanifest-sha512.txt",
  "autorun.inf",
  "README.txt.lnk",
  ".hidden",
  ".Trash-1000",
  "\u202Etxt.exe",
  "caf\u00e9.txt",
  "cafe\u0301.txt",
  "CON",
  "aux.txt",
  "x:stream",
  "C:x",
  "..\\..\\escape",
  "~root",
  "%HOME%",
  "-rf",
  "line\nbreak",
  "n".repeat(255),
  "raw:\xff\xfe",
  "data/extra.txt",
  "data/part-00002.zst.age",
  "data/part-1.zst.age",
  "data/part-000001.zst.age",
  "data/PART-00001.ZST.AGE",
  "data/part-00001.zst.age ",
  "data/parity-00001.bin",
  "data/manifest.zst.age.1",
].map((name) => ({
  name: `an unlisted file ${JSON.stringify(name.slice(0, 40))} refuses`,
  bag: { changes: { after: put(name, Buffer.from("x")) } },
  expect: refused("unexpected-file"),
}));

const litter: HostileCase[] = [
  "._batch.json",
  "._evil",
  ".DS_Store",
  "Thumbs.db",
  "desktop.ini",
  "data/._part-00001.zst.age",
  "data/.DS_Store",
].flatMap((name) => [
  {
    name: `litter ${name} is passed over`,
    bag: { changes: { after: put(name, Buffer.from("litter")) } },
    expect: imports(),
  },
  {
    name: `litter ${name} that is a FIFO is never opened`,
    bag: { changes: { after: put(name, { kind: "fifo" }) } },
    expect: imports(),
  },
]);

const missing: HostileCase[] = tagNames.map((name) => ({
  name: `${name} is absent`,
  bag: { changes: { after: (files) => void files.delete(name) } },
  expect: refused("missing-file"),
}));

const caps: readonly [string, number][] = [
  ["bagit.txt", 256],
  ["bag-info.txt", 4096],
  [tagmanifestName, 4096],
  [signatureName, 4096],
  ["README.txt", 65_536],
  ["manifest-sha256.txt", 16 * 1_048_576],
  ["batch.json", 32 * 1_048_576],
];

const tooLarge: HostileCase[] = caps.map(([name, capBytes]) => ({
  name: `${name} is one byte above its cap of ${capBytes}`,
  bag: { changes: { after: grownTo(name, capBytes + 1) } },
  expect: refused("too-large"),
}));

const sparse: HostileCase[] = [tagmanifestName, "batch.json", "manifest-sha256.txt", "README.txt"].map(
  (name) => ({
    name: `${name} claims 8 TiB and holds nothing`,
    bag: { changes: { after: put(name, { kind: "sparse", sizeBytes: 8 * 2 ** 40 }) } },
    expect: refused("too-large"),
  }),
);

function swapFor(make: (path: string) => void): NonNullable<HostileCase["disk"]> {
  return ({ root }) => {
    rmSync(root, { recursive: true });
    make(root);
  };
}

const places: HostileCase[] = [
  {
    name: "the bag is a link to a directory elsewhere that would be good",
    disk: ({ root, medium }) => {
      renameSync(root, join(medium, "elsewhere"));
      symlinkSync("../elsewhere", root);
    },
    expect: refused("not-a-regular-file"),
  },
  {
    name: "the bag is a plain file",
    disk: swapFor((path) => writeFileSync(path, "bag")),
    expect: refused("not-a-regular-file"),
  },
  {
    name: "the bag is a FIFO",
    disk: swapFor((path) => void execFileSync("mkfifo", [path])),
    expect: refused("not-a-regular-file"),
  },
  {
    name: "the bag is a link that leads nowhere",
    disk: swapFor((path) => symlinkSync("nowhere", path)),
    expect: refused("not-a-regular-file"),
  },
  {
    name: "data is a link to a directory elsewhere that would be good",
    disk: ({ root, medium }) => {
      renameSync(join(root, "data"), join(medium, "elsewhere"));
      symlinkSync("../../elsewhere", join(root, "data"));
    },
    expect: refused("not-a-regular-file"),
  },
  {
    name: "data is a plain file",
    disk: ({ root }) => {
      rmSync(join(root, "data"), { recursive: true });
      writeFileSync(join(root, "data"), "");
    },
    expect: refused("not-a-regular-file"),
  },
  {
    name: "data is absent",
    disk: ({ root }) => rmSync(join(root, "data"), { recursive: true }),
    expect: refused("missing-file"),
  },
  {
    name: "a directory tree of depth 200 lies in data",
    disk: ({ root }) =>
      mkdirSync(join(root, "data", ...Array.from({ length: 200 }, () => "d")), { recursive: true }),
    expect: refused("not-a-regular-file", "unexpected-file"),
  },
  {
    name: "a part is a hard link to a good part",
    disk: ({ root, medium }) => {
      execFileSync("ln", [join(root, part), join(medium, "twin")]);
    },
    expect: imports(),
  },
  {
    name: "an empty bag directory is unfinished",
    disk: ({ root }) => {
      rmSync(root, { recursive: true });
      mkdirSync(root);
    },
    expect: { state: "interrupted", used: false },
  },
  {
    name: "fetch.txt names a system file",
    bag: {
      changes: { after: put("fetch.txt", Buffer.from("file:///etc/shadow 100 data/shadow\n")) },
    },
    expect: refused("fetch-txt"),
  },
  {
    name: "fetch.txt is empty",
    bag: { changes: { after: put("fetch.txt", Buffer.alloc(0)) } },
    expect: refused("fetch-txt"),
  },
  {
    name: "the directory carries another batch's id",
    bag: { directory: "b000001-0123456789abcdef.v1" },
    expect: refused("name-mismatch"),
  },
  {
    name: "the directory carries another volume number than Bag-Count",
    bag: {
      changes: {
        tags: (files) => rewrite(files, "bag-info.txt", (text) => text.replace("Count: 1 of", "Count: 2 of")),
      },
    },
    expect: refused("name-mismatch"),
  },
  {
    name: "Bag-Count says volume 3 of 2, and only its first number matters",
    bag: { volume: 3, volumeCount: 2 },
    expect: imports(),
  },
  {
    name: "volume 999 is the last that exists",
    bag: { volume: 999, volumeCount: 999 },
    expect: imports(),
  },
];

const ignored: HostileCase[] = [
  "b000001-0123456789abcdef.v0",
  "b000001-0123456789abcdef.v1000",
  "b000001-0123456789abcdef.v01",
  "b000001-0123456789abcdef",
  "b00001-0123456789abcdef.v1",
  "b000001-0123456789ABCDEF.v1",
  "b000001-0123456789abcdef.v1 ",
  "autorun.inf",
  "System Volume Information",
  "\u202Egab",
].map((directory) => ({
  name: `an entry ${JSON.stringify(directory)} beside the bags is ignored`,
  bag: { directory },
  expect: { state: "ignored", used: false, bag: null },
}));

const unfinished: HostileCase[] = [
  { what: "absent", change: (files: Files) => void files.delete(signatureName) },
  { what: "empty", change: put(signatureName, Buffer.alloc(0)) },
  {
    what: "cut before its END line",
    change: (files: Files) => {
      const text = contentOf(files, signatureName).toString();
      files.set(signatureName, Buffer.from(text.slice(0, text.indexOf("-----END"))));
    },
  },
  {
    what: "cut within its END line",
    change: (files: Files) => {
      const text = contentOf(files, signatureName).toString();
      files.set(signatureName, Buffer.from(text.slice(0, -8)));
    },
  },
].map(({ what, change }) => ({
  name: `the signature is ${what}`,
  bag: { changes: { after: change } },
  expect: { state: "interrupted", used: false },
}));

/** Two rules of this step broken at once: the order of the closed list decides. */
const precedence: HostileCase[] = [
  {
    name: "a link and an unexpected file together",
    bag: {
      changes: {
        after: (files) => {
          put("extra.txt", Buffer.from("x"))(files);
          put("README.txt", { kind: "symlink", target: "bagit.txt" })(files);
        },
      },
    },
    expect: refused("not-a-regular-file"),
  },
  {
    name: "an unexpected file and a missing one together",
    bag: {
      changes: {
        after: (files) => {
          put("extra.txt", Buffer.from("x"))(files);
          files.delete("README.txt");
        },
      },
    },
    expect: refused("unexpected-file"),
  },
  {
    name: "a missing file and a too large one together",
    bag: {
      changes: {
        after: (files) => {
          files.delete("README.txt");
          grownTo("bagit.txt", 257)(files);
        },
      },
    },
    expect: refused("missing-file"),
  },
  {
    name: "a too large file and fetch.txt together",
    bag: {
      changes: {
        after: (files) => {
          grownTo("bagit.txt", 257)(files);
          put("fetch.txt", Buffer.alloc(0))(files);
        },
      },
    },
    expect: refused("too-large"),
  },
  {
    name: "an unexpected file comes before a signature that does not verify",
    bag: {
      changes: {
        signature: { rawSignature: () => Buffer.alloc(64) },
        after: put("extra.txt", Buffer.from("x")),
      },
    },
    expect: refused("unexpected-file"),
  },
  {
    name: "fetch.txt that is a FIFO",
    bag: { changes: { after: put("fetch.txt", { kind: "fifo" }) } },
    expect: refused("not-a-regular-file"),
  },
  {
    name: "an unlisted FIFO",
    bag: { changes: { after: put("pipe", { kind: "fifo" }) } },
    expect: refused("not-a-regular-file", "unexpected-file"),
  },
  {
    name: "an unlisted link that climbs out",
    bag: { changes: { after: put("up", { kind: "symlink", target: "../../../.." }) } },
    expect: refused("not-a-regular-file", "unexpected-file"),
  },
];

export const shapeCases: readonly HostileCase[] = [
  ...replaced,
  ...strangers,
  ...litter,
  ...missing,
  ...tooLarge,
  ...sparse,
  ...places,
  ...ignored,
  ...unfinished,
  ...precedence,
];
