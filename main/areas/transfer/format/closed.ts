import { isUtf8 } from "node:buffer";

import { scanJson } from "./json-scan.ts";

/**
 * Reading of closed objects: each function takes a value and the path where it lies, and gives the
 * value back in its type or throws a {@link ShapeError}. Callers turn that into their own reason.
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

export type Fields<Key extends string> = Readonly<Record<Key, unknown>>;

/**
 * No file of a batch is nested deeper, as no line is. Its shortest entries take 30 bytes a value, so
 * 32 MiB of batch.json hold 1.1 million; what has more is no such file, and is not parsed.
 */
const scanStop = { depth: 64, values: 2_000_000 };

/** Parsed JSON in which no key comes twice and no text is longer; whether its numbers are plain is asked apart. */
export function parseJson(
  bytes: Buffer,
  textBytes = Infinity,
): {
  readonly value: unknown;
  expectPlainIntegers(): void;
} {
  if (!isUtf8(bytes)) throw new ShapeError("is not UTF-8");
  const found = scanJson(bytes, { ...scanStop, textBytes });
  if (!found.isJson) throw new ShapeError("is not JSON, or too large a tree of it");
  if (found.hasDuplicateKey) throw new ShapeError("has a key twice");
  if (found.hasLoneSurrogate) throw new ShapeError("has half of a character pair");
  return {
    value: JSON.parse(bytes.toString("utf8")) as unknown,
    expectPlainIntegers() {
      if (found.hasUnplainNumber) {
        throw new ShapeError("has a number other than 0 to 2^53-1 in plain digits");
      }
    },
  };
}

/** Parses JSON in which no key comes twice and every number is a plain integer. */
export function parseClosedJson(bytes: Buffer): unknown {
  const json = parseJson(bytes);
  json.expectPlainIntegers();
  return json.value;
}

/** An object with exactly these fields. */
export function closedObject<const Key extends string>(
  value: unknown,
  path: string,
  keys: readonly Key[],
): Fields<Key> {
  const object = openObject(value, path);
  for (const key of keys) {
    if (!Object.hasOwn(object, key)) throw new ShapeError(`At ${path}: ${key} is missing`);
  }
  for (const key of Object.keys(object)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw new ShapeError(`At ${path}: unknown field ${JSON.stringify(key.slice(0, 64))}`);
    }
  }
  return object as Fields<Key>;
}

/** Any object that is not an array. */
export function openObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(`At ${path}: expected an object, got ${kindOf(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

export function list<Item>(
  value: unknown,
  path: string,
  item: (value: unknown, path: string) => Item,
  cap = Infinity,
): Item[] {
  if (!Array.isArray(value)) {
    throw new ShapeError(`At ${path}: expected a list, got ${kindOf(value)}`);
  }
  if (value.length > cap) throw new ShapeError(`At ${path}: more than ${cap} entries`);
  return value.map((each, index) => item(each, `${path}[${index}]`));
}

export function text(value: unknown, path: string): string {
  if (typeof value !== "string") {
    throw new ShapeError(`At ${path}: expected text, got ${kindOf(value)}`);
  }
  return value;
}

/** Text that fits a pattern; `shape` says in words what is expected. */
export function textLike(value: unknown, path: string, pattern: RegExp, shape: string): string {
  const found = text(value, path);
  if (!pattern.test(found)) throw new ShapeError(`At ${path}: expected ${shape}`);
  return found;
}

export function oneOf<const Word extends string>(value: unknown, path: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new ShapeError(`At ${path}: expected ${words.join(" or ")}`);
  return found;
}

/** A number from `least`; that it is written in plain digits was seen in the source text. */
export function integer(value: unknown, path: string, least = 0): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) {
    throw new ShapeError(`At ${path}: expected an integer from ${least}, got ${kindOf(value)}`);
  }
  return value;
}

export function nullOr<Value>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => Value,
): Value | null {
  return value === null ? null : read(value, path);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value;
}
