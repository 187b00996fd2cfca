import { combine, split } from "shamir-secret-sharing";

/**
 * Splits a secret by Shamir over GF(256): any `threshold` of the `count` values give it back, fewer tell nothing. Each
 * value is one byte longer than the secret; the last byte is its place on the curve.
 *
 * @param threshold 2 to `count`; the library refuses one
 */
export async function splitSecret(secret: Uint8Array, count: number, threshold: number): Promise<Buffer[]> {
  // The library asks for plain Uint8Arrays; a Buffer is another class to it.
  const plain = Uint8Array.from(secret);
  const values = await split(plain, count, threshold);
  plain.fill(0);
  return values.map((value) => Buffer.from(value));
}

/**
 * Puts values together again. Too few, or values of different secrets, give a wrong secret without a word: whoever calls
 * checks what came out against something that only the right one gives.
 */
export async function combineValues(values: readonly Uint8Array[]): Promise<Buffer> {
  const secret = await combine(values.map((value) => Uint8Array.from(value)));
  return Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength);
}
