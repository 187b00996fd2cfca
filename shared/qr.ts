import { correction, generate, type Bitmap2D } from "lean-qr";

export interface QrShape {
  /** Modules along one edge, the quiet zone included. */
  readonly size: number;
  /** An SVG path of the dark modules, one unit each: runs along a row are one rectangle. */
  readonly path: string;
}

/** Light modules around the symbol that a reader needs (ISO/IEC 18004, 4 for QR). */
const quietZone = 4;

/**
 * The QR code of a text, at correction level M or better, so that a crease or a stain on paper is survived
 * (ISO/IEC 18004: 15 % of the code words). RangeError over 2331 bytes, what the largest symbol holds at M.
 */
export function drawQr(text: string): QrShape {
  const symbol = symbolOf(text);
  const runs: string[] = [];
  for (let row = 0; row < symbol.size; row += 1) {
    for (let column = 0; column < symbol.size; column += 1) {
      if (!symbol.get(column, row)) continue;
      const start = column;
      while (column + 1 < symbol.size && symbol.get(column + 1, row)) column += 1;
      const width = column - start + 1;
      runs.push(`M${start + quietZone} ${row + quietZone}h${width}v1h-${width}z`);
    }
  }
  return { size: symbol.size + 2 * quietZone, path: runs.join("") };
}

function symbolOf(text: string): Bitmap2D {
  try {
    return generate(text, { minCorrectionLevel: correction.M });
  } catch (cause) {
    throw new RangeError(`${text.length} characters are more than a QR code holds`, { cause });
  }
}
