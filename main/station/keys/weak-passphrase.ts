import { Refusal } from "../../../shared/errors.ts";

/**
 * Pieces of which common passphrases are made: the heads of every published list of leaked passwords, keyboard
 * walks and counts. Written down by hand for this project, under its own licence; no list was copied. With 15
 * characters as the floor, what those lists still hold is these pieces, joined or repeated.
 */
const commonPieces = [
  "password", "passwort", "passw0rd", "p@ssw0rd", "passphrase", "secret", "letmein", "welcome", "iloveyou", "sunshine",
  "princess", "football", "baseball", "superman", "batman", "dragon", "monkey", "shadow", "master", "michael",
  "trustno1", "whatever", "starwars", "computer", "internet", "changeme", "default", "administrator", "admin", "root",
  "user", "guest", "login", "operator", "sallyport", "station", "qwertyuiop", "qwertzuiop", "azertyuiop", "qwerty",
  "qwertz", "azerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "yxcvbnm", "1qaz2wsx3edc", "1qaz2wsx", "1q2w3e4r5t",
  "1q2w3e4r", "qazwsx", "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcdef", "abcd", "abc", "0123456789", "1234567890",
  "123456789", "12345678", "1234567", "123456", "12345", "1234", "123", "9876543210", "987654321", "87654321", "654321",
  "4321", "321", "test", "temp", "hello", "summer", "winter", "spring", "autumn", "company", "the", "my", "is", "new", "ok",
].toSorted((a, b) => b.length - a.length); // prettier-ignore

/** Letters that remain after the common pieces are taken out; fewer and the rest is a guess of a few thousand. */
const fewestOwnLetters = 5;
/** Different letters: "aaaaaaaaaaaaaaa" and "121212121212121" are long and nothing. */
const fewestDifferent = 5;

/**
 * Throws `bad-input` for a passphrase that stands at the head of a guesser's list: one piece repeated, common pieces
 * joined, or little more than the names that everybody here knows. No rule about kinds of characters (NIST 800-63B-4).
 */
export function refuseWeakPassphrase(passphrase: string, names: readonly string[]): void {
  const why = weakness(passphrase, names);
  if (why === null) return;
  throw new Refusal("bad-input", `At passphrase: ${why}. Take several words that do not belong together.`, {
    path: "passphrase",
  });
}

/** In words, or null when nothing is known against it. */
export function weakness(passphrase: string, names: readonly string[]): string | null {
  const plain = passphrase.toLowerCase().replaceAll(/[\s._-]/g, "");
  if (new Set(plain).size < fewestDifferent) return "it repeats a few characters";
  if (isRepeated(plain)) return "it repeats one piece";
  let rest = plain;
  for (const piece of [...names.map((name) => name.toLowerCase()), ...commonPieces]) {
    if (piece.length > 1) rest = rest.replaceAll(piece, " ");
  }
  // Figures and signs at the end are what everybody adds.
  const own = rest.replaceAll(/[^\p{L}]/gu, "");
  if (own.length < fewestOwnLetters && rest.length < plain.length) {
    return "it is made of pieces that every guesser tries first";
  }
  return null;
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const piece = text.slice(0, length);
    if (piece.repeat(Math.ceil(text.length / length)).startsWith(text)) return true;
  }
  return false;
}
