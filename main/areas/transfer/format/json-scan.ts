/**
 * One pass over the bytes of a JSON text (RFC 8259) that finds what `JSON.parse` hides: keys given
 * twice, `__proto__`, halves of character pairs, numbers beyond a double, depth and member count.
 * Time and memory grow in a straight line with the text, whatever it holds; there is no recursion and
 * no regular expression.
 */
export type JsonScan = {
  /** Whether the text is one JSON value; nothing else below means anything when it isn't. */
  isJson: boolean;
  hasEscapedNul: boolean;
  hasDuplicateKey: boolean;
  hasProtoKey: boolean;
  hasLoneSurrogate: boolean;
  /** A number that a double can only hold as infinity, such as 1e400. */
  hasHugeNumber: boolean;
  /** A number other than 0 to 2^53-1 written without sign, fraction or exponent. */
  hasUnplainNumber: boolean;
  /** Nested arrays and objects; a scalar is 0, `{}` is 1. */
  depth: number;
  /** Members of all objects of the text together. */
  members: number;
  /** Where the members of the outermost object lie; empty for other values. */
  top: TopMember[];
};

/** Bytes of a member of the outermost object: its key with both quotes, and its value. */
export type TopMember = {
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly from: number;
  readonly to: number;
};

const quote = 0x22;
const backslash = 0x5c;
const underscore = 0x5f;
const comma = 0x2c;
const colon = 0x3a;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;

/** Bytes that stand for themselves inside a string: all but quote, backslash and controls. */
const isPlain = new Uint8Array(256).map((_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? 1 : 0,
);
/** The letters after a backslash that stand for one character. */
const isShortEscape = new Uint8Array(256);
for (const letter of Buffer.from('"\\/bfnrt')) isShortEscape[letter] = 1;

/** Up to here keys of one object are compared one by one, by hash first; beyond, by a set. */
const fewKeys = 16;
/** 308 digits always fit a double (its largest value has 309). */
const safeDigits = 308;

/** Where a scan gives up, and calls the text no JSON, before it takes memory for what it holds. */
export type ScanStop = {
  readonly depth: number;
  readonly values: number;
  /** Bytes of the longest text, key or value, as it is written. */
  readonly textBytes: number;
};
const noStop: ScanStop = { depth: Infinity, values: Infinity, textBytes: Infinity };

/** More members than any line may have; beyond, `top` is not needed, because the count refuses. */
const topCap = 10_000;
/** Stands in the list of open containers for an array; an object has the place of its first key. */
const arrayMark = -1;
/** Numbers kept for a key: a hash of its bytes, and where it lies. */
const keySlots = 3;

/** Scans the bytes, which must be valid UTF-8. Never throws. */
export function scanJson(bytes: Buffer, stop = noStop): JsonScan {
  return new Scanner(bytes, stop).run();
}

class Scanner {
  readonly #bytes: Buffer;
  #at = 0;
  readonly #stop: ScanStop;
  #values = 0;
  /** Open containers, outermost first: an object's first place in `#keys`, or {@link arrayMark}. */
  readonly #open: number[] = [];
  /** Keys of all open objects, those of the innermost last: three numbers each, no objects. */
  readonly #keys: number[] = [];
  /** By depth, the keys of objects that have many, or one with an escape, as what they stand for. */
  readonly #decoded = new Map<number, Set<string>>();
  #topKeyFrom = 0;
  #topKeyTo = 0;
  #topFrom = 0;
  /** About the string read last: a hash of its bytes, and whether it has an escape. */
  #hash = 0;
  #hasEscape = false;
  readonly #found: JsonScan = {
    isJson: false,
    hasEscapedNul: false,
    hasDuplicateKey: false,
    hasProtoKey: false,
    hasLoneSurrogate: false,
    hasHugeNumber: false,
    hasUnplainNumber: false,
    depth: 0,
    members: 0,
    top: [],
  };

  constructor(bytes: Buffer, stop: ScanStop) {
    this.#bytes = bytes;
    this.#stop = stop;
  }

  run(): JsonScan {
    this.#found.isJson = this.#text();
    return this.#found;
  }

  #text(): boolean {
    this.#space();
    for (;;) {
      const start = this.#value();
      if (start === "wrong") return false;
      if (start === "opened") continue;
      // A value has ended: close what ends with it, up to the next value of something still open.
      for (;;) {
        const valueEnd = this.#at;
        this.#space();
        if (this.#open.length === 0) return this.#at === this.#bytes.byteLength;
        const isObject = this.#open.at(-1) !== arrayMark;
        const byte = this.#bytes[this.#at];
        this.#at += 1;
        if (isObject && this.#open.length === 1 && this.#found.top.length < topCap) {
          this.#found.top.push({
            keyFrom: this.#topKeyFrom,
            keyTo: this.#topKeyTo,
            from: this.#topFrom,
            to: valueEnd,
          });
        }
        if (byte === comma) {
          this.#space();
          if (isObject && !this.#key()) return false;
          break;
        }
        if (byte !== (isObject ? closeObject : closeArray)) return false;
        this.#close(isObject);
      }
    }
  }

  /** Reads a scalar or empty container whole, or the start of a filled one up to its first value. */
  #value(): "ended" | "opened" | "wrong" {
    this.#values += 1;
    if (this.#values > this.#stop.values) return "wrong";
    const byte = this.#bytes[this.#at];
    if (byte === quote) return this.#string() ? "ended" : "wrong";
    if (byte !== openObject && byte !== openArray) return this.#scalar(byte) ? "ended" : "wrong";

    const isObject = byte === openObject;
    this.#open.push(isObject ? this.#keys.length : arrayMark);
    if (this.#open.length > this.#found.depth) this.#found.depth = this.#open.length;
    if (this.#open.length > this.#stop.depth) return "wrong";
    this.#at += 1;
    this.#space();
    if (this.#bytes[this.#at] === (isObject ? closeObject : closeArray)) {
      this.#at += 1;
      this.#close(isObject);
      return "ended";
    }
    return !isObject || this.#key() ? "opened" : "wrong";
  }

  #close(isObject: boolean): void {
    if (isObject) {
      if (this.#decoded.size > 0) this.#decoded.delete(this.#open.length);
      this.#keys.length = this.#open.at(-1) ?? 0;
    }
    this.#open.pop();
  }

  #space(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at += 1;
      byte = bytes[at];
    }
    this.#at = at;
  }

  /** A key, its colon and the white space up to its value. */
  #key(): boolean {
    if (this.#bytes[this.#at] !== quote) return false;
    const from = this.#at;
    if (!this.#string()) return false;
    const to = this.#at;
    this.#found.members += 1;
    this.#noteKey(from, to);
    this.#space();
    if (this.#bytes[this.#at] !== colon) return false;
    this.#at += 1;
    this.#space();
    if (this.#open.length === 1) {
      this.#topKeyFrom = from;
      this.#topKeyTo = to;
      this.#topFrom = this.#at;
    }
    return true;
  }

  /** `from` and `to` include the quotes. */
  #noteKey(from: number, to: number): void {
    if (this.#hasEscape || (to - from === protoKeyBytes && this.#bytes[from + 1] === underscore)) {
      if (this.#decode(from, to) === "__proto__") this.#found.hasProtoKey = true;
    }
    const keys = this.#keys;
    const first = this.#open.at(-1) ?? 0;
    const decoded = this.#decoded.size > 0 ? this.#decoded.get(this.#open.length) : undefined;
    if (decoded !== undefined) {
      this.#noteDecoded(decoded, from, to);
    } else if (this.#hasEscape || keys.length - first >= fewKeys * keySlots) {
      // Many keys, or an escaped one: from here on they are compared as what they stand for.
      const all = new Set<string>();
      for (let at = first; at < keys.length; at += keySlots) {
        all.add(this.#decode(keys[at + 1] ?? 0, keys[at + 2] ?? 0));
      }
      this.#decoded.set(this.#open.length, all);
      this.#noteDecoded(all, from, to);
    } else {
      const hash = this.#hash;
      for (let at = first; at < keys.length; at += keySlots) {
        if (keys[at] === hash && this.#sameBytes(at, from, to)) this.#found.hasDuplicateKey = true;
      }
      keys.push(hash, from, to);
    }
  }

  #noteDecoded(decoded: Set<string>, from: number, to: number): void {
    const key = this.#decode(from, to);
    if (decoded.has(key)) this.#found.hasDuplicateKey = true;
    decoded.add(key);
  }

  #sameBytes(at: number, from: number, to: number): boolean {
    const otherFrom = this.#keys[at + 1] ?? 0;
    const otherTo = this.#keys[at + 2] ?? 0;
    return this.#bytes.compare(this.#bytes, otherFrom, otherTo, from, to) === 0;
  }

  /** The string whose quotes lie at `from` and before `to`. It was found whole before. */
  #decode(from: number, to: number): string {
    const text = this.#bytes.toString("utf8", from + 1, to - 1);
    return text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
  }

  #string(): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    let hash = 0;
    this.#hasEscape = false;
    // A high surrogate written as an escape waits here for the low one right after it.
    let awaitsLow = false;
    for (;;) {
      let byte = bytes[at] ?? 0;
      if (awaitsLow && byte !== backslash) {
        this.#found.hasLoneSurrogate = true;
        awaitsLow = false;
      }
      while (isPlain[byte] === 1) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        at += 1;
        byte = bytes[at] ?? 0;
      }
      if (byte === quote) break;
      if (byte !== backslash) return false;
      this.#hasEscape = true;
      const letter = bytes[at + 1] ?? 0;
      if (letter === 0x75) {
        const unit = hexUnit(bytes, at + 2);
        if (unit < 0) return false;
        const isLow = unit >= 0xdc00 && unit <= 0xdfff;
        if (awaitsLow !== isLow) this.#found.hasLoneSurrogate = true;
        awaitsLow = unit >= 0xd800 && unit <= 0xdbff;
        if (unit === 0) this.#found.hasEscapedNul = true;
        at += 6;
      } else if (isShortEscape[letter] === 1) {
        if (awaitsLow) this.#found.hasLoneSurrogate = true;
        awaitsLow = false;
        at += 2;
      } else return false;
    }
    if (at - this.#at > this.#stop.textBytes) return false;
    this.#hash = hash;
    this.#at = at + 1;
    return true;
  }

  #scalar(byte: number | undefined): boolean {
    if (byte === 0x74) return this.#word(wordTrue);
    if (byte === 0x66) return this.#word(wordFalse);
    if (byte === 0x6e) return this.#word(wordNull);
    return this.#number();
  }

  #word(word: Buffer): boolean {
    for (const byte of word) {
      if (this.#bytes[this.#at] !== byte) return false;
      this.#at += 1;
    }
    return true;
  }

  #number(): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    if (bytes[at] === 0x2d) at += 1;
    const whole = at;
    at = digitsEnd(bytes, at);
    if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) return false;
    let isPlainInteger = whole === from;
    let hasExponent = false;
    if (bytes[at] === 0x2e) {
      isPlainInteger = false;
      const fraction = at + 1;
      at = digitsEnd(bytes, fraction);
      if (at === fraction) return false;
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      isPlainInteger = false;
      hasExponent = true;
      at += 1;
      if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
      const exponent = at;
      at = digitsEnd(bytes, exponent);
      if (at === exponent) return false;
    }
    this.#at = at;
    // 15 digits are below 2^53 and far below a double's end: nothing more to look at.
    if (isPlainInteger && at - from <= 15) return true;
    if (isPlainInteger && at - from === 16) {
      isPlainInteger = Number(bytes.toString("latin1", from, at)) <= Number.MAX_SAFE_INTEGER;
    } else isPlainInteger = false;
    if (!isPlainInteger) this.#found.hasUnplainNumber = true;
    if (hasExponent || at - from > safeDigits) {
      if (!Number.isFinite(Number(bytes.toString("latin1", from, at)))) {
        this.#found.hasHugeNumber = true;
      }
    }
    return true;
  }
}

const wordTrue = Buffer.from("true");
const wordFalse = Buffer.from("false");
const wordNull = Buffer.from("null");
const protoKeyBytes = '"__proto__"'.length;

function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) at += 1;
  return at;
}

/** The value of four hex digits, or -1. */
function hexUnit(bytes: Buffer, from: number): number {
  let unit = 0;
  for (let at = from; at < from + 4; at += 1) {
    const byte = bytes[at] ?? 0;
    const digit =
      byte >= 0x30 && byte <= 0x39
        ? byte - 0x30
        : (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66
          ? (byte | 0x20) - 0x57
          : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}
