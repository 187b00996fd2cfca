import fc from "fast-check";
import { expect, test } from "vitest";
import { squeeze, type PartLook } from "./part-cells.tsx";

const look = fc.constantFrom<PartLook>("waiting", "half", "synced", "proved", "missing");

test("a missing part is never averaged away, however many parts there are", () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 97, maxLength: 3000 }), (parts) => {
      const cells = squeeze(parts, 96);
      expect(cells).toHaveLength(96);
      expect(cells.includes("missing")).toBe(parts.includes("missing"));
    }),
  );
});

test("cells are green only when every part in them was proved", () => {
  expect(squeeze(["proved", "synced", "proved", "proved"], 2)).toEqual(["synced", "proved"]);
});
