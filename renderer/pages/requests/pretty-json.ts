/**
 * Indents a JSON text without parsing its values, so that digits and escapes stay as they came; only white space
 * between tokens changes. Text that is not JSON comes back as it was.
 */
export function prettyJson(text: string): string {
  let out = "";
  let depth = 0;
  let at = 0;
  const line = (): string => `\n${"  ".repeat(Math.max(0, depth))}`;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === '"') {
      const end = endOfString(text, at);
      if (end === -1) return text;
      out += text.slice(at, end);
      at = end;
      continue;
    }
    if (character === "{" || character === "[") {
      const close = closesAtOnce(text, at);
      if (close === -1) {
        depth += 1;
        out += character + line();
      } else {
        out += text[at] === "{" ? "{}" : "[]";
        at = close;
      }
    } else if (character === "}" || character === "]") {
      depth -= 1;
      out += line() + character;
    } else if (character === ",") out += `,${line()}`;
    else if (character === ":") out += ": ";
    else if (!/\s/.test(character)) out += character;
    at += 1;
  }
  return out;
}

/** Index after the closing quote, or -1. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

/** Index of the bracket that closes an empty object or array, or -1. */
function closesAtOnce(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && /\s/.test(text[at] ?? "")) at += 1;
  return text[at] === (text[from] === "{" ? "}" : "]") ? at : -1;
}
