import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { readBodies } from "./bodies.ts";
import { piecesOf } from "./pieces.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-bodies-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file cut at any places, each piece in the same memory as the one before. */
function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.byteLength; at += size) {
    const length = bytes.copy(memory, 0, at, at + size);
    yield memory.subarray(0, length);
  }
}

describe("the bodies of a file", () => {
  test("come out whole wherever the file is cut into pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.json(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (lines, size, endsWithLineFeed) => {
          const file = Buffer.from(`  ${lines.join(" \r\n\t")}${endsWithLineFeed ? "\n" : ""}`);
          const bodies = readBodies(() => cut(file, size));
          expect(bodies).toMatchObject({ count: lines.length, sha256: sha256Hex(file) });
          expect([...bodies.each()]).toEqual(lines.map((line) => line.trim()));
        },
      ),
    );
  });

  test("of a file on disk larger than a piece are read twice alike", () => {
    const path = join(folder, "large");
    const lines = Array.from(
      { length: 30_000 },
      (_, index) => `{"n":${index},"x":"${"y".repeat(index % 90)}"}`,
    );
    writeFileSync(path, lines.join("\n"));
    const bodies = readBodies(() => piecesOf(path));
    expect([...bodies.each()]).toEqual(lines);
    expect([...bodies.each()]).toEqual(lines);
  });

  test("of a file that changed after it was checked are not given to the end", () => {
    const path = join(folder, "changing");
    writeFileSync(path, '{"a":1}\n{"a":2}\n');
    const bodies = readBodies(() => piecesOf(path));
    writeFileSync(path, '{"a":1}\n{"a":3}\n');
    expect(() => [...bodies.each()]).toThrow("changed");
  });

  test("the first bad line refuses the file by its number", () => {
    expect(() => readBodies(() => [Buffer.from('1\n{"a":1,"a":2}\n3')])).toThrow(/^At line 2: /);
  });
});
