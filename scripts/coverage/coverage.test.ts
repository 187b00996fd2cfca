import { describe, expect, test } from "vitest";
import { mappings } from "./source-map.ts";
import { linesRun } from "./v8.ts";

const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });

describe("lines that ran", () => {
  const text = "a();\nif (no) {\n  b();\n}\nc();\n";

  test("a block that did not run inside one that did leaves its lines out", () => {
    const block = [text.indexOf("{"), text.indexOf("}") + 1] as const;
    const script = { url: "", functions: [{ ranges: [range(0, text.length, 1), range(...block, 0)] }] };
    expect([...linesRun(text, script)]).toEqual([1, 2, 5]);
  });

  test("the order in which V8 lists its functions does not matter", () => {
    const inner = { ranges: [range(text.indexOf("b"), text.indexOf("b") + 4, 1)] };
    const outer = { ranges: [range(0, text.length, 0)] };
    expect([...linesRun(text, { url: "", functions: [inner, outer] })]).toEqual([3]);
  });
});

describe("source maps", () => {
  test("relative numbers add up over segments and lines, and negative ones go back", () => {
    // Line 1: column 0 to source 0 line 1, column 4 to source 1 line 3; line 2: column 2 back to source 0 line 2.
    expect([...mappings({ sources: ["a", "b"], mappings: "AAAA,ICEA;EDDA" })]).toEqual([
      { generatedLine: 1, generatedColumn: 0, source: 0, sourceLine: 1 },
      { generatedLine: 1, generatedColumn: 4, source: 1, sourceLine: 3 },
      { generatedLine: 2, generatedColumn: 2, source: 0, sourceLine: 2 },
    ]);
  });

  test("a segment of column alone belongs to no source", () => {
    expect([...mappings({ sources: ["a"], mappings: "I" })]).toEqual([]);
  });
});
