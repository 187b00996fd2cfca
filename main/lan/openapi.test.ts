import { describe, expect, test } from "vitest";
import { isContractProcedure } from "@orpc/contract";
import { contract } from "../../shared/contract/contract.ts";
import { errorStatus } from "../../shared/errors.ts";
import { openApiDocument } from "./openapi.ts";

const document = await openApiDocument();

const operations = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs)
    .filter(([, procedure]) => isContractProcedure(procedure))
    .map(([verb]) => `/${area}/${verb}`),
);

/** Every reference in a document. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : references(inner),
  );
}

describe("the OpenAPI document", () => {
  test("is of version 3.1.1 and has what the specification requires at its top", () => {
    expect(document.openapi).toBe("3.1.1");
    expect(document.info).toMatchObject({
      title: "Sallyport",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  test("has every operation of the contract, and no other", () => {
    expect(Object.keys(document.paths ?? {}).toSorted()).toEqual(operations.toSorted());
  });

  test("gives each operation a name of its own, a summary, and what it answers", () => {
    const names = Object.values(document.paths ?? {}).map((path) => path?.post?.operationId);
    expect(new Set(names).size).toBe(operations.length);
    for (const path of Object.values(document.paths ?? {})) {
      expect(path?.post?.summary).toMatch(/^[A-Z].{10,}/);
      expect(path?.post?.responses?.["200"]).toBeDefined();
    }
  });

  test("names the errors of the closed set with their statuses, and no others", () => {
    const known = new Set(Object.values(errorStatus).map(String));
    for (const path of Object.values(document.paths ?? {})) {
      const statuses = Object.keys(path?.post?.responses ?? {}).filter((status) => status !== "200");
      for (const status of statuses) expect(known).toContain(status);
      expect(statuses).toContain("422");
    }
  });

  test("refers to nothing outside itself that isn't there", () => {
    for (const reference of references(document)) {
      expect(reference).toMatch(/^#\//);
      const found = reference
        .slice(2)
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect(found).toBeDefined();
    }
  });

  test("is the same whenever it is made", async () => {
    expect(JSON.stringify(await openApiDocument())).toBe(JSON.stringify(document));
  });
});
