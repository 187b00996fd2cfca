/**
 * Bytes as lines of letters that a person types back from paper: Crockford's base 32 (no I, L, O, U), twenty letters a
 * line in groups of five, the last two of each line its check. A typing error is found in its line, while it is typed.
 */
export const shareLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const dataLetters = 18;
const checkLetters = 2;
const groupLetters = 5;
/** Letters of every line but the last, which may be shorter. */
export const lineLetters = dataLetters + checkLetters;
/** 40 lines are 450 bytes: nothing that is printed here is longer, and nothing typed needs to be looked at further. */
const mostLines = 40;

/** Where the typing went wrong, counted from 1. */
export interface LineFault {
  readonly line: number;
  readonly why: "letter" | "length" | "check";
}

/** Lines of groups with spaces between, as they are printed. */
export function writeShareLines(bytes: Uint8Array): string[] {
  const symbols = toSymbols(bytes);
  const lines: string[] = [];
  for (let at = 0; at < symbols.length; at += dataLetters) {
    const data = symbols.slice(at, at + dataLetters);
    const check = checkOf(data, lines.length + 1);
    lines.push(
      grouped([...data, check >> 5, check & 31].map((symbol) => shareLetters[symbol] ?? "").join("")),
    );
  }
  return lines;
}

/**
 * Reads lines as somebody typed, pasted or scanned them: small letters, O for 0, I and L for 1, numbers before a colon,
 * a heading, all on one line or on many.
 */
export function readShareLines(
  typed: string,
): { readonly bytes: Uint8Array; readonly fault: null } | { readonly fault: LineFault } {
  const lines = linesOf(typed);
  const symbols: number[] = [];
  for (const [index, line] of lines.entries()) {
    const why = faultOfLine(line, index + 1, index === lines.length - 1);
    if (why !== null) return { fault: { line: index + 1, why } };
    symbols.push(...symbolsOf(line).slice(0, -checkLetters));
  }
  return { bytes: toBytes(symbols), fault: null };
}

/** What is wrong with one line as it was typed; null when its check letters fit. */
export function faultOfLine(typed: string, line: number, last: boolean): LineFault["why"] | null {
  const letters = plainLetters(typed);
  const symbols = symbolsOf(letters);
  if (symbols.includes(-1)) return "letter";
  if (letters.length > lineLetters || letters.length <= checkLetters) return "length";
  if (!last && letters.length !== lineLetters) return "length";
  const [high = 0, low = 0] = symbols.slice(-checkLetters);
  return checkOf(symbols.slice(0, -checkLetters), line) === high * 32 + low ? null : "check";
}

/** A line without what helps the eye: upper case, no spaces and hyphens, no number before a colon. */
export function plainLetters(typed: string): string {
  return typed
    .replace(/^\s*\d{1,2}\s*:/, "")
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}

function linesOf(typed: string): string[] {
  const lines = typed
    .slice(0, mostLines * lineLetters * 4)
    .split("\n")
    .filter((line) => !/^\s*(SALLYPORT|#)/i.test(line))
    .map(plainLetters)
    .filter((line) => line !== "");
  const [only] = lines;
  if (lines.length !== 1 || only === undefined) return lines.length === 0 ? [""] : lines.slice(0, mostLines);
  return only.match(/.{1,20}/g) ?? [only];
}

function grouped(letters: string): string {
  return (letters.match(new RegExp(`.{1,${groupLetters}}`, "g")) ?? []).join(" ");
}

function symbolsOf(letters: string): number[] {
  return Array.from(letters, (letter) => shareLetters.indexOf(letter));
}

/**
 * CRC-10 with the polynomial of ATM (ITU-T I.610, 0x233), begun with the number of the line, so that a line in another's
 * place is found too. It finds every wrong letter, and every two neighbours that are wrong or changed places; other
 * errors pass once in 1024, and then the sum over the whole finds them.
 */
function checkOf(symbols: readonly number[], line: number): number {
  let register = line & 0x3ff;
  for (const symbol of [...symbols, 0, 0]) {
    for (let bit = 4; bit >= 0; bit -= 1) {
      const out = register >> 9;
      register = ((register << 1) & 0x3ff) | ((symbol >> bit) & 1);
      if (out === 1) register ^= 0x233;
    }
  }
  return register;
}

function toSymbols(bytes: Uint8Array): number[] {
  const symbols: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      symbols.push((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) symbols.push((held << (5 - bits)) & 31);
  return symbols;
}

function toBytes(symbols: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const symbol of symbols) {
    held = (held << 5) | symbol;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}
