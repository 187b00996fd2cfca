import { randomBytes } from "../../station/crypto/random.ts";

/** Crockford's base32 in lower case: no i, l, o, u, so an id can be read aloud. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Ids of the form `r-` and 26 characters: 48 bits of time in milliseconds, then 80 random bits (the ULID
 * layout), so that ids sort by time and never collide between stations.
 */
export function makeIds(prefix: "r" | "a", count: number, now: Date): string[] {
  const time = encodeTime(now.getTime());
  const random = randomBytes(count * 10);
  return Array.from({ length: count }, (_, index) => {
    return `${prefix}-${time}${encodeRandom(random, index * 10)}`;
  });
}

function encodeTime(milliseconds: number): string {
  let text = "";
  for (let rest = milliseconds, place = 0; place < 10; place += 1) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** 10 bytes as 16 characters: two runs of 40 bits each. */
function encodeRandom(bytes: Buffer, offset: number): string {
  let text = "";
  for (let half = 0; half < 2; half += 1) {
    let value = bytes.readUIntBE(offset + half * 5, 5);
    let part = "";
    for (let place = 0; place < 8; place += 1) {
      part = alphabet[value % 32] + part;
      value = Math.floor(value / 32);
    }
    text += part;
  }
  return text;
}
