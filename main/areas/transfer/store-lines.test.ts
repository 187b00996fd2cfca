import { afterEach, expect, test } from "vitest";
import fc from "fast-check";
import { openReader } from "../../station/store/reader.ts";
import { writeReceiptLine, writeRequestLine, writeResponseLine } from "./format/lines.ts";
import { readLines } from "./store-lines.ts";
import { makeTestStation } from "./test-kernel.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp();
});

const createdAt = "2026-11-21T08:00:00.000Z";
const common = (id: string) => ({ id, revision: 1, createdAt });
/** Any text that a record may hold: no NUL, no half of a pair. */
const text = fc.string({ unit: "grapheme", maxLength: 200 }).filter((value) => !value.includes("\0"));

test("the lines that the database makes are those of the format, byte for byte, whatever they hold", async () => {
  const station = await makeTestStation("low", "request");
  const high = await makeTestStation("high", "response");
  const reader = openReader(station.kernel.paths.database);
  cleanUps.push(
    () => high.close(),
    () => station.close(),
    () => reader.close(),
  );
  const { store } = station.kernel;
  const peer = station.trust(high);
  const insert = store.prepare(
    `INSERT INTO record (origin, id, revision, type, created_at, peer, kind, user, body, request, status, signature)
     VALUES (0, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let number = 0;
  let last = 0;
  const check = (expected: Buffer): void => {
    const lines = readLines(reader, { destination: peer, fromSeq: last, toSeq: Number.MAX_SAFE_INTEGER }, 10);
    expect(lines?.bytes.toString("utf8")).toBe(expected.toString("utf8"));
    expect(lines?.records).toBe(1);
    last = lines?.toSeq ?? last;
  };
  fc.assert(
    fc.property(fc.constantFrom("request", "response", "receipt"), text, text, (type, first, second) => {
      number += 1;
      const id = `r-${number}`;
      const body = JSON.stringify(first);
      if (type === "request") {
        insert.run(id, type, createdAt, peer, "echo", "alice", body, null, null, null);
        check(writeRequestLine({ ...common(id), kind: "echo", user: "alice" }, body));
      } else if (type === "response") {
        insert.run(id, type, createdAt, peer, null, null, body, `r-${number}`, "ok", null);
        check(writeResponseLine({ ...common(id), request: `r-${number}`, status: "ok" }, body));
      } else {
        insert.run(id, type, createdAt, peer, null, null, first, "b", "imported", second);
        check(writeReceiptLine({ ...common(id), payload: first, signature: second }));
      }
    }),
    { numRuns: 300 },
  );
});
