import type { HostileCase } from "../case.ts";
import { imports } from "../case.ts";
import { contentOf } from "../forge/bag.ts";
import type { Files } from "../forge/bag.ts";
import type { Loose } from "../forge/batch.ts";
import { sha256Hex } from "../forge/records.ts";

/** Step 4, first half: a medium that lost or changed bytes; another copy of the batch must still land. */

const part = "data/part-00001.zst.age";

const changed = (name: string, file: string, change: (bytes: Buffer) => Buffer): HostileCase => ({
  name,
  bag: {
    changes: { after: (files: Files) => void files.set(file, change(contentOf(files, file))) },
  },
  expect: { state: "damaged", used: false },
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x80;
  return copy;
}

const damaged: HostileCase[] = [
  changed("the first bit of a part is flipped", part, (bytes) => flipped(bytes, 0)),
  changed("the last bit of a part is flipped", part, (bytes) => flipped(bytes, bytes.length - 1)),
  changed("a part is one byte longer", part, (bytes) => Buffer.concat([bytes, Buffer.from([0])])),
  changed("a part is one byte shorter", part, (bytes) => bytes.subarray(0, -1)),
  changed("a part is empty", part, () => Buffer.alloc(0)),
  changed("a part is a mebibyte longer", part, (bytes) => Buffer.concat([bytes, Buffer.alloc(1_048_576)])),
  changed("the manifest's part is flipped", "data/manifest.zst.age", (bytes) => flipped(bytes, 100)),
  {
    name: "a part claims 8 TiB and holds nothing",
    bag: {
      changes: {
        after: (files) => void files.set(part, { kind: "sparse", sizeBytes: 8 * 2 ** 40 }),
      },
    },
    expect: { state: "damaged", used: false },
  },
];

const parityName = "data/parity-00001.bin";

function withParity(name: string, damage: (bytes: Buffer) => Buffer): HostileCase {
  return {
    name,
    seal: {
      envelope: (envelope) => {
        const first = (envelope["parts"] as Loose[])[1] ?? {};
        envelope["parity"] = [
          { name: parityName, bytes: first["bytes"], sha256: first["sha256"], of: [part] },
        ];
      },
    },
    bag: {
      changes: {
        tags: (files) => {
          // The XOR of a group of one part is that part.
          const copy = contentOf(files, part);
          files.set(parityName, damage(copy));
          const text = contentOf(files, "manifest-sha256.txt").toString();
          files.set("manifest-sha256.txt", Buffer.from(`${text}${sha256Hex(copy)}  ${parityName}\n`));
          const info = contentOf(files, "bag-info.txt").toString();
          const sum = /Oxum: (\d+)\.(\d+)/.exec(info);
          const grown = `Oxum: ${Number(sum?.[1]) + copy.length}.${Number(sum?.[2]) + 1}`;
          files.set("bag-info.txt", Buffer.from(info.replace(/Oxum: \S+/, grown)));
        },
      },
    },
    expect: imports(),
  };
}

const parity: HostileCase[] = [
  withParity("a parity file that is good", (bytes) => bytes),
  withParity("a parity file that is damaged and not needed", (bytes) => flipped(bytes, 3)),
];

export const copyCases: readonly HostileCase[] = [...damaged, ...parity];
