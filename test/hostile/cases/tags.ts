import type { Expectation, HostileCase } from "../case.ts";
import { imports, refused } from "../case.ts";
import { contentOf, rewrite } from "../forge/bag.ts";
import type { Files } from "../forge/bag.ts";
import { sha256Hex } from "../forge/records.ts";

/** Step 2, second half: the tag files around the envelope, all of them truly signed. */

const part = "data/part-00001.zst.age";

/** Signed over, as the trusted peer wrote it. */
function signed(
  name: string,
  file: string,
  change: (text: string) => string,
  expect: Expectation,
): HostileCase {
  return { name, bag: { changes: { tags: (files) => rewrite(files, file, change) } }, expect };
}

function utf16(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
}

const bagit = (name: string, change: (text: string) => string): HostileCase =>
  signed(`bagit.txt ${name}`, "bagit.txt", change, refused("bad-bagit"));

const bagitCases: HostileCase[] = [
  bagit("says version 0.97", (text) => text.replace("1.0", "0.97")),
  bagit("says version .97", (text) => text.replace("1.0", ".97")),
  bagit("has a space after the version", (text) => text.replace("1.0\n", "1.0 \n")),
  bagit("says UTF-16", (text) => text.replace("UTF-8", "UTF-16")),
  bagit("has CRLF", (text) => text.replaceAll("\n", "\r\n")),
  bagit("starts with a byte order mark", (text) => `\uFEFF${text}`),
  bagit("lacks its last LF", (text) => text.trimEnd()),
  bagit("has a third line", (text) => `${text}More: 1\n`),
  bagit("is empty", () => ""),
  bagit("has its lines swapped", (text) => `${text.split("\n").slice(0, 2).toReversed().join("\n")}\n`),
  bagit("is in lower case", (text) => text.toLowerCase()),
];

const info = (name: string, change: (text: string) => string, ...reasons: string[]): HostileCase =>
  signed(`bag-info.txt ${name}`, "bag-info.txt", change, refused(...reasons));

const bagInfoCases: HostileCase[] = [
  info("lacks a line", (text) => text.replace(/^Bagging-Date.*\n/, ""), "bad-bag-info"),
  info("has a fifth line", (text) => `${text}Source-Organization: us\n`, "bad-bag-info"),
  info(
    "has its lines in another order",
    (text) => `${text.trimEnd().split("\n").toReversed().join("\n")}\n`,
    "bad-bag-info",
  ),
  info("has two Payload-Oxum lines", (text) => text.replace(/(Payload-Oxum.*\n)/, "$1$1"), "bad-bag-info"),
  info("has CRLF", (text) => text.replaceAll("\n", "\r\n"), "bad-bag-info"),
  info("lacks its last LF", (text) => text.trimEnd(), "bad-bag-info"),
  info("has a byte order mark", (text) => `\uFEFF${text}`, "bad-bag-info"),
  info("folds a line", (text) => text.replace("Bag-Count: ", "Bag-Count:\n "), "bad-bag-info"),
  info("has a space too many", (text) => text.replace("Bag-Count: ", "Bag-Count:  "), "bad-bag-info"),
  info("has another day than createdAt", (text) => text.replace("2026-11-21", "2026-11-22"), "bad-bag-info"),
  info("has no date", (text) => text.replace("2026-11-21", "yesterday"), "bad-bag-info"),
  info(
    "names another batch",
    (text) => text.replace(/(Identifier: b\d+-).*/, "$10123456789abcdef"),
    "bad-bag-info",
  ),
  info(
    "counts a byte too many",
    (text) => text.replace(/Oxum: (\d+)/, (_, n) => `Oxum: ${Number(n) + 1}`),
    "bad-oxum",
  ),
  info("counts a file too many", (text) => text.replace(/(Oxum: \d+)\.\d+/, "$1.3"), "bad-oxum"),
  info("counts no files", (text) => text.replace(/(Oxum: \d+)\.\d+/, "$1.0"), "bad-oxum"),
  info("counts with a leading zero", (text) => text.replace("Oxum: ", "Oxum: 0"), "bad-oxum", "bad-bag-info"),
  info(
    "counts with an exponent",
    (text) => text.replace(/Oxum: .*/, "Oxum: 1e3.2"),
    "bad-oxum",
    "bad-bag-info",
  ),
  info("counts volume 0", (text) => text.replace("1 of 1", "0 of 1"), "bad-bag-info", "name-mismatch"),
  info("counts volumes in words", (text) => text.replace("1 of 1", "one of 1"), "bad-bag-info"),
  info("counts an unknown number of volumes", (text) => text.replace("1 of 1", "1 of ?"), "bad-bag-info"),
  info(
    "is wrong in sum and in volume",
    (text) => text.replace(/(Oxum: \d+)\.\d+/, "$1.9").replace("1 of 1", "2 of 2"),
    "bad-oxum",
  ),
];

const manifest = (name: string, change: (text: string) => string, ...reasons: string[]): HostileCase =>
  signed(
    `manifest-sha256.txt ${name}`,
    "manifest-sha256.txt",
    change,
    refused(...(reasons.length === 0 ? ["bad-manifest"] : reasons)),
  );

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";

const addLine =
  (path: string) =>
  (text: string): string =>
    `${text}${sha256Hex("x")}  ${path}\n`;

const manifestCases: HostileCase[] = [
  manifest("lists a path twice with one hash", (text) => `${text}${lastLine(text)}\n`),
  manifest("lists a path twice with two hashes", addLine(part)),
  manifest("has upper-case hashes", (text) => text.replace(/^[0-9a-f]+/gm, (hash) => hash.toUpperCase())),
  manifest("has a short hash", (text) => text.replace(/^[0-9a-f]{64}/, "abc")),
  manifest("has MD5 hashes", (text) => text.replace(/^[0-9a-f]{64}/gm, (hash) => hash.slice(0, 32))),
  manifest("marks binary files with a star", (text) => text.replaceAll("  ", " *")),
  manifest("has one space", (text) => text.replaceAll("  ", " ")),
  manifest("has three spaces", (text) => text.replaceAll("  ", "   ")),
  manifest("has a tab", (text) => text.replaceAll("  ", "\t")),
  manifest("has a byte order mark", (text) => `\uFEFF${text}`),
  manifest("has CRLF", (text) => text.replaceAll("\n", "\r\n")),
  manifest("lacks its last LF", (text) => text.trimEnd()),
  manifest("has an empty line", (text) => `${text}\n`),
  manifest("has a comment", (text) => `# parts\n${text}`),
  // Parts that no manifest lists break step 1 as well.
  manifest("is empty", () => "", "unexpected-file", "part-not-in-volume"),
  manifest("has a line of 10 MB", (text) => `${text}${"a".repeat(10_000_000)}\n`),
  manifest("has an escaped name as sha256sum writes it", (text) => text.replace(/^/, "\\")),
  ...[
    "data/../data/part-00001.zst.age",
    "../../escape",
    "data/../../escape",
    "/etc/passwd",
    "./data/part-00001.zst.age",
    "data//part-00001.zst.age",
    "data\\part-00001.zst.age",
    "C:\\part",
    "\\\\?\\UNC\\server\\share",
    "~root/part",
    "data/%70art-00001.zst.age",
    "data/part-00001.zst.age%0A",
    "data/part-00001.zst.age ",
    "data/part-00001.zst.age\0",
    "data/\u202Epart",
    "data/PART-00001.ZST.AGE",
    "README.txt",
  ].map((path) =>
    manifest(`lists the name ${JSON.stringify(path)}`, addLine(path), "bad-manifest", "part-not-in-envelope"),
  ),
  manifest(
    "lists a part that the envelope lacks",
    addLine("data/part-00009.zst.age"),
    "part-not-in-envelope",
  ),
  manifest(
    "has another hash for a part than the envelope",
    (text) => text.replace(/^[0-9a-f]{64}(?= {2}data\/part)/m, sha256Hex("x")),
    "part-not-in-envelope",
    "bad-manifest",
  ),
  manifest(
    "does not list the manifest's part",
    (text) => text.replace(/^.*manifest\.zst\.age\n/m, ""),
    // The unlisted file is there as well, and an unlisted name breaks step 1.
    "part-not-in-volume",
    "unexpected-file",
  ),
  {
    name: "manifest-sha256.txt is UTF-16",
    bag: {
      changes: {
        tags: (files) => {
          const text = contentOf(files, "manifest-sha256.txt").toString();
          files.set("manifest-sha256.txt", utf16(text));
        },
      },
    },
    expect: refused("bad-manifest"),
  },
  {
    name: "the manifest's lines stand in another order",
    bag: {
      changes: {
        tags: (files) =>
          rewrite(
            files,
            "manifest-sha256.txt",
            (text) => `${text.trimEnd().split("\n").toReversed().join("\n")}\n`,
          ),
      },
    },
    expect: imports(),
  },
];

function tagmanifest(name: string, change: (text: string) => string, ...reasons: string[]): HostileCase {
  return {
    name: `the tagmanifest ${name}`,
    bag: { changes: { tagmanifest: change } },
    expect: refused(...(reasons.length === 0 ? ["bad-manifest"] : reasons)),
  };
}

const tagmanifestCases: HostileCase[] = [
  tagmanifest("lacks a file", (text) => text.replace(/^.*README\.txt\n/m, "")),
  tagmanifest("lists a file twice", (text) => `${text}${lastLine(text)}\n`),
  tagmanifest("lists a part", (text) => `${text}${sha256Hex("x")}  ${part}\n`),
  tagmanifest("lists itself", (text) => `${text}${sha256Hex("x")}  tagmanifest-sha256.txt\n`),
  tagmanifest("lists a path that climbs out", (text) => text.replace("README.txt", "../../README.txt")),
  tagmanifest("marks files with a star", (text) => text.replaceAll("  ", " *")),
  tagmanifest("has CRLF", (text) => text.replaceAll("\n", "\r\n")),
  tagmanifest("is empty", () => ""),
  tagmanifest("lacks its last LF", (text) => text.trimEnd()),
];

/** A tag file that is not what the signed tagmanifest says. */
const damagedTags: HostileCase[] = [
  "bagit.txt",
  "bag-info.txt",
  "batch.json",
  "README.txt",
  "manifest-sha256.txt",
].map((file) => ({
  name: `${file} was changed after signing`,
  bag: { changes: { after: (files: Files) => rewrite(files, file, (text) => `${text} `) } },
  expect: { state: "damaged", used: false },
}));

const others: HostileCase[] = [
  {
    name: "README.txt may hold any text, and bytes that are no text",
    bag: {
      changes: {
        tags: (files) => {
          files.set("README.txt", Buffer.from("\u001b[2J<script>\xff", "latin1"));
        },
      },
    },
    expect: imports(),
  },
  {
    name: "README.txt may be empty",
    bag: { changes: { tags: (files) => void files.set("README.txt", Buffer.alloc(0)) } },
    expect: imports(),
  },
  {
    name: "a part that the manifest lists is absent",
    bag: { changes: { after: (files) => void files.delete(part) } },
    expect: refused("part-not-in-volume"),
  },
  {
    name: "the manifest's part is listed and absent",
    bag: { changes: { after: (files) => void files.delete("data/manifest.zst.age") } },
    expect: refused("part-not-in-volume"),
  },
  {
    name: "bagit.txt comes before the envelope",
    seal: { envelope: (envelope) => void (envelope["extra"] = 1) },
    bag: { changes: { tags: (files) => rewrite(files, "bagit.txt", () => "no\n") } },
    expect: refused("bad-bagit"),
  },
  {
    name: "the envelope comes before the manifest's lines",
    seal: { envelope: (envelope) => void (envelope["extra"] = 1) },
    bag: { changes: { tags: (files) => rewrite(files, "manifest-sha256.txt", () => "no\n") } },
    expect: refused("bad-envelope"),
  },
  {
    name: "the manifest's lines come before bag-info.txt",
    bag: {
      changes: {
        tags: (files) => {
          rewrite(files, "manifest-sha256.txt", () => "no\n");
          rewrite(files, "bag-info.txt", () => "no\n");
        },
      },
    },
    expect: refused("bad-manifest"),
  },
];

export const tagCases: readonly HostileCase[] = [
  ...bagitCases,
  ...bagInfoCases,
  ...manifestCases,
  ...tagmanifestCases,
  ...damagedTags,
  ...others,
];
