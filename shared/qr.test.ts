import { decodeQR } from "qr/decode.js";
import { describe, expect, test } from "vitest";
import { drawQr, type QrShape } from "./qr.ts";

/** Draws the path as a reader's camera would see it: black on white, four dots a module. */
function photograph({ size, path }: QrShape, flip: (at: number) => boolean = () => false) {
  const scale = 4;
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let column = Number(x); column < Number(x) + Number(width); column += 1) {
      if (flip(column + Number(y) * size)) continue;
      for (let dot = 0; dot < scale * scale; dot += 1) {
        const at = (Number(y) * scale + Math.floor(dot / scale)) * side + column * scale + (dot % scale);
        data.fill(0, at * 4, at * 4 + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

describe("a QR code", () => {
  test.each(["a", "F1K2-0000 0000", "ü and ☃ cross too", "x".repeat(2331)])(
    "is read back by another library: %.20s",
    (text) => {
      expect(decodeQR(photograph(drawQr(text)))).toBe(text);
    },
  );

  test("is read back with a stain on it", () => {
    const text = "a checkpoint that lay under a coffee cup";
    const shape = drawQr(text);
    const middle = (shape.size >> 1) * shape.size + (shape.size >> 1);
    expect(decodeQR(photograph(shape, (at) => at >= middle - 3 && at < middle + 1))).toBe(text);
  });

  test("of a text that no symbol holds is refused", () => {
    expect(() => drawQr("x".repeat(2332))).toThrow("2332 characters are more than");
  });
});
