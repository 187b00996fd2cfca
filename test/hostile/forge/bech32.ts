/** Bech32 (BIP-173) without its length limit, as age writes recipients and identities. */

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, mask] of generator.entries()) if ((top >>> bit) & 1) check ^= mask;
  }
  return check;
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

function regroup(values: Iterable<number>, fromBits: number, toBits: number): number[] {
  const out: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  for (const value of values) {
    pending = (pending << fromBits) | value;
    pendingBits += fromBits;
    while (pendingBits >= toBits) {
      pendingBits -= toBits;
      out.push((pending >>> pendingBits) & ((1 << toBits) - 1));
    }
    pending &= (1 << pendingBits) - 1;
  }
  if (toBits === 5 && pendingBits > 0) out.push((pending << (5 - pendingBits)) & 31);
  return out;
}

/** Encodes 32 raw bytes under a lower-case prefix (`age`, `age-secret-key-`). */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const data = regroup(bytes, 8, 5);
  const check = polymod([...expandPrefix(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let index = 0; index < 6; index++) data.push((check >>> (5 * (5 - index))) & 31);
  return `${prefix}1${data.map((value) => alphabet.charAt(value)).join("")}`;
}

/** Decodes what `encodeBech32` wrote, in either case; throws when the check digits are wrong. */
export function decodeBech32(text: string): { prefix: string; bytes: Buffer } {
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf("1");
  const prefix = lower.slice(0, separator);
  const data = Array.from(lower.slice(separator + 1), (letter) => alphabet.indexOf(letter));
  if (data.includes(-1) || polymod([...expandPrefix(prefix), ...data]) !== 1) {
    throw new Error(`not bech32: ${text.slice(0, 20)}`);
  }
  return { prefix, bytes: Buffer.from(regroup(data.slice(0, -6), 5, 8)) };
}
