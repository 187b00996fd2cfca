import { expect, test } from "vitest";
import { batchReasons } from "../../../shared/contract/reasons.ts";
import { sampleDocuments, sampleRequests } from "./sample-data.ts";

const facts = {
  station: "low",
  version: "1",
  at: "2026-11-21T08:00:00.000Z",
  zone: "UTC",
  processors: 2,
  fileSystem: "ext4",
  freeBytes: 7,
  auditEvents: 3,
};

test("sample requests are lines of JSON that hold what this machine says of itself", () => {
  const [echo, search] = sampleRequests(facts);
  expect(echo?.bodies.map((body): unknown => JSON.parse(body))).toContainEqual({
    check: "disk",
    fileSystem: "ext4",
    freeBytes: 7,
  });
  expect(search?.kind).toBe("search");
});

test("each sample search finds a sample document", () => {
  const documents = sampleDocuments();
  expect(documents.length).toBeGreaterThan(batchReasons.length);
  for (const document of documents) expect(document).not.toContain("\n");
  const [, search] = sampleRequests(facts);
  for (const body of search?.bodies ?? []) {
    const { query } = JSON.parse(body) as { query: string };
    expect(documents.some((document) => document.includes(query))).toBe(true);
  }
});
