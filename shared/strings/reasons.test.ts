import { describe, expect, test } from "vitest";

import { batchReasons, batchStates, lineReasons } from "../contract/reasons.ts";
import { batchReasonTexts, batchStateTexts, lineReasonTexts } from "./reasons.ts";

describe.each([
  ["batch reason", batchReasons, batchReasonTexts],
  ["batch state", batchStates, batchStateTexts],
  ["line reason", lineReasons, lineReasonTexts],
])("every %s", (_kind, words, texts) => {
  test("has a sentence and a remedy, each a whole sentence", () => {
    expect(Object.keys(texts)).toEqual([...words]);
    for (const { sentence, remedy } of Object.values(texts)) {
      expect(sentence).toMatch(/^[A-Zb].*[.]$/);
      expect(remedy).toMatch(/^[A-Z].*[.]$/);
    }
  });

  test("has a sentence that no other word has", () => {
    const sentences = Object.values(texts).map((text) => text.sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});

test("no word is in two places of one list", () => {
  for (const words of [batchReasons, batchStates, lineReasons]) {
    expect(new Set<string>(words).size).toBe(words.length);
  }
});
