import { sha256 } from "../crypto/hash.ts";
import { randomBytes } from "../crypto/random.ts";

/** Crockford's base 32: no I, L, O and U, so that a code survives being read aloud and written by hand. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const groupLetters = 5;
const groups = 5;

/**
 * A code that is shown once and typed later: 25 letters of 5 bits, 125 bits in groups of five. So many bits that a
 * plain hash at rest is enough (ASVS 6.5.2 asks for 112).
 */
export function makeCode(): string {
  const bytes = randomBytes(groups * groupLetters);
  // 256 is a multiple of 32: taking five bits of each byte favours no letter.
  const text = [...bytes].map((byte) => letters[byte & 31] ?? "").join("");
  return (text.match(/.{5}/g) ?? []).join("-");
}

/** What is kept of a code. `use` keeps a code of one sort from being one of another. */
export function hashCode(use: "invitation" | "recovery", typed: string): Buffer {
  return sha256(`sallyport ${use} code@v1\n${normalise(typed)}`);
}

/** Small letters, hyphens, spaces, and the letters that look like figures. */
function normalise(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
