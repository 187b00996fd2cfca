import { sha256 } from "../../../station/crypto/hash.ts";
import { argon2id } from "../../../station/crypto/password.ts";
import { phraseWords } from "./phrase-words.ts";

const saltBytes = 16;
const words = 8;
const bitsPerWord = 11;
/** Fixed by the format: both sides must come to the same words. About 0.15 s on a small machine. */
const cost = { memoryKiB: 64 * 1024, passes: 3 };

/**
 * The phrase of one card: 8 of the 2,048 BIP-39 words (88 bits), from Argon2id over the SHA-256 of
 * the card's line. Slow on purpose, so that whoever swaps a card can't search for one with like words.
 *
 * @param line the JSON line with its LF
 */
export function cardPhrase(line: Uint8Array): string {
  const salt = sha256("sallyport-phrase@v1").subarray(0, saltBytes);
  const bits = argon2id(sha256(line), salt, cost, 32);
  let value = BigInt(`0x${bits.subarray(0, (words * bitsPerWord) / 8).toString("hex")}`);
  const phrase: string[] = [];
  for (let word = 0; word < words; word += 1) {
    phrase.unshift(phraseWords[Number(value & 0x7ffn)] ?? "");
    value >>= 11n;
  }
  return phrase.join(" ");
}
