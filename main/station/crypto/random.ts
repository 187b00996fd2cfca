import { randomBytes as nodeRandomBytes } from "node:crypto";

/** `count` bytes from the system's random source. */
export function randomBytes(count: number): Buffer {
  return nodeRandomBytes(count);
}

/** `count` random bytes as lower-case hex, so twice as many characters. */
export function randomHex(count: number): string {
  return nodeRandomBytes(count).toString("hex");
}
