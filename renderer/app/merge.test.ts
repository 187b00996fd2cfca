import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chosenByItself, layBeside, merged, readPresent } from "./merge.ts";

const value = fc.constantFrom("", "a", "b", "c");
const values = fc.record({ one: value, two: value });

describe("two edits of one row", () => {
  test("settle by themselves where only one side changed a field", () => {
    const base = { name: "old", reach: "desk 1" };
    const fields = layBeside(
      ["name", "reach"],
      base,
      { name: "theirs", reach: "desk 1" },
      { name: "old", reach: "desk 2" },
    );
    expect(merged(fields, chosenByItself(fields))).toEqual({ name: "theirs", reach: "desk 2" });
  });

  test("wait for a person where both changed a field", () => {
    const fields = layBeside(["text"], { text: "a" }, { text: "b" }, { text: "c" });
    expect(fields[0]?.changed).toBe("both");
    expect(merged(fields, chosenByItself(fields))).toBeNull();
    expect(merged(fields, { text: "mine" })).toEqual({ text: "c" });
  });

  // oxlint-disable-next-line vitest/expect-expect -- the property asserts
  test("never lose what one of them typed without a person's word, whatever was typed", () => {
    fc.assert(
      fc.property(values, values, values, (base, theirs, mine) => {
        const fields = layBeside(["one", "two"], base, theirs, mine);
        const result = merged(fields, chosenByItself(fields));
        for (const field of fields) {
          if (field.changed === "both") expect(result).toBeNull();
          else if (result !== null) {
            if (field.mine !== field.base) expect(result[field.id]).toBe(field.mine);
            if (field.theirs !== field.base) expect(result[field.id]).toBe(field.theirs);
          }
        }
      }),
    );
  });
});

describe("a conflict's answer", () => {
  test("is read with its version, lists as text", () => {
    expect(readPresent({ present: { version: 3, roles: ["viewer", "operator"], contact: "" } })).toEqual({
      version: 3,
      values: { roles: "viewer, operator", contact: "" },
    });
  });

  test.each([
    [null],
    [{}],
    [{ present: null }],
    [{ present: { text: "x" } }],
    [{ present: { version: "1" } }],
  ])("that says nothing of the kind is none: %j", (data) => {
    expect(readPresent(data)).toBeNull();
  });
});
