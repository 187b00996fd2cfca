import { expect, test } from "vitest";
import { machineFacts } from "./machine.ts";

test("every fact is one line of JSON, and every word searched for is in a document", () => {
  const { bodies, documents, queries } = machineFacts();
  for (const line of [...bodies, ...documents]) {
    expect(line).not.toContain("\n");
    expect(typeof JSON.parse(line)).toBe("object");
  }
  expect(bodies.length).toBeGreaterThan(2);
  for (const { word, finds } of queries) {
    expect(documents.some((document) => document.includes(finds) && document.includes(word))).toBe(true);
  }
});
