/** The fields of a source map (ECMA-426) that coverage needs. */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** A place in the generated file and the source line it came from; lines from 1, columns from 0. */
export interface Mapping {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  readonly source: number;
  readonly sourceLine: number;
}

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Walks the mappings of a source map; segments without a source are left out. */
export function* mappings(map: SourceMap): Generator<Mapping> {
  let source = 0;
  let sourceLine = 0;
  for (const [line, segments] of map.mappings.split(";").entries()) {
    let generatedColumn = 0;
    for (const segment of segments.split(",")) {
      const [column = 0, sourceDelta, lineDelta = 0] = decode(segment);
      generatedColumn += column;
      if (sourceDelta === undefined) continue;
      source += sourceDelta;
      sourceLine += lineDelta;
      yield { generatedLine: line + 1, generatedColumn, source, sourceLine: sourceLine + 1 };
    }
  }
}

/** Base64 VLQ: six bits a digit, the highest says that more follow, the lowest of the number is its sign. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = base64.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      numbers.push(value & 1 ? -(value >> 1) : value >> 1);
      value = 0;
      shift = 0;
    }
  }
  return numbers;
}
