import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { batchReasons, batchStates, lineReasons } from "../../shared/contract/reasons.ts";
import { allowedReasons } from "./case.ts";
import { copyCases } from "./cases/copies.ts";
import { envelopeCases } from "./cases/envelope.ts";
import { hostileLines } from "./cases/lines.ts";
import { partCases } from "./cases/parts.ts";
import { shapeCases } from "./cases/shape.ts";
import { signatureCases } from "./cases/signature.ts";
import { tagCases } from "./cases/tags.ts";

/** The closed lists have no word that no attack has reached. */

const tables = [shapeCases, signatureCases, tagCases, envelopeCases, partCases, copyCases].flat();

/** Words proved by tests that are no rows of a table, and the file whose text must name them. */
const elsewhere: Record<string, string> = {
  "too-many-files": "volumes.test.ts",
  "revoked-signer": "ledger.test.ts",
  "manifest-of-another-batch": "ledger.test.ts",
  verified: "ledger.test.ts",
  own: "responses.test.ts",
  incomplete: "volumes.test.ts",
  "no-room": "volumes.test.ts",
  held: "ledger.test.ts",
  "already-imported": "ledger.test.ts",
  "already-refused": "ledger.test.ts",
  "older-than-expected": "ledger.test.ts",
  "missing-before": "ledger.test.ts",
  fork: "ledger.test.ts",
  "unknown-request": "responses.test.ts",
  "already-answered": "responses.test.ts",
  "unknown-batch": "responses.test.ts",
  "receipt-mismatch": "responses.test.ts",
  conflict: "ledger.test.ts",
};

/** A case that allows several reasons proves none of them. */
const proved = new Set(
  [
    ...tables.filter((hostile) => allowedReasons(hostile.expect).length === 1),
    ...tables.filter((hostile) => hostile.expect.reason === undefined),
  ].flatMap((hostile) => [hostile.expect.state, ...allowedReasons(hostile.expect)]),
);
const provedLines = new Set(
  hostileLines.map((line) => line.reason).filter((reason) => typeof reason === "string"),
);

describe("the closed lists", () => {
  test.each([...batchReasons, ...batchStates, ...lineReasons])("%s is reached by an attack", (word) => {
    const file = elsewhere[word];
    const text = file === undefined ? "" : readFileSync(new URL(file, import.meta.url), "utf8");
    expect(proved.has(word) || provedLines.has(word) || text.includes(`"${word}"`)).toBe(true);
  });

  test("there are more than 200 attacks", () => {
    expect(tables.length + hostileLines.length).toBeGreaterThan(400);
  });
});
