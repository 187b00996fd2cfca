import { equalBytes } from "../crypto/compare.ts";
import { hmacSha1 } from "../crypto/hash.ts";
import { randomBytes } from "../crypto/random.ts";

/** RFC 6238 section 4 and what every device knows: steps of 30 s, SHA-1, six figures. */
const stepMs = 30_000;
const digits = 6;
/** RFC 4226 section 4, R6: 160 bits. */
const secretBytes = 20;
/** A step before and after, for the way from the device to the keyboard (RFC 6238 section 5.2). */
const windowSteps = 1;
/** Five minutes: two clocks without a network. Looked for at enrolment; later the kept drift follows by a step. */
const widestDriftSteps = 10;

const base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function makeTotpSecret(): Buffer {
  return randomBytes(secretBytes);
}

/** The number of the step in which a moment lies. */
export function stepOf(at: Date): number {
  return Math.floor(at.getTime() / stepMs);
}

/** The code of a step (RFC 4226 section 5.3). */
export function codeOfStep(secret: Uint8Array, step: number, length = digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = hmacSha1(secret, counter);
  const offset = (mac.at(-1) ?? 0) & 15;
  const value = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(value % 10 ** length).padStart(length, "0");
}

export interface Expected {
  /** The step of now, by the station's clock. */
  readonly step: number;
  /** The newest step that was accepted: it and every older one are spent (ASVS 6.5.1). */
  readonly lastStep: number;
  readonly driftSteps: number;
}

export interface Matched {
  readonly step: number;
  readonly driftSteps: number;
}

/**
 * The step whose code this is, or null. Looks one step around where the device was last seen to be; `enrolling` looks
 * as far as a clock may be off.
 */
export function matchCode(
  secret: Uint8Array,
  code: string,
  expected: Expected,
  enrolling = false,
): Matched | null {
  const typed = Buffer.from(code.replaceAll(/\s/g, ""));
  const reach = enrolling ? widestDriftSteps : windowSteps;
  const middle = expected.step + expected.driftSteps;
  let found: Matched | null = null;
  for (let step = middle - reach; step <= middle + reach; step += 1) {
    if (step <= expected.lastStep || step < 0) continue;
    if (!equalBytes(typed, Buffer.from(codeOfStep(secret, step)))) continue;
    const drift = step - expected.step;
    if (Math.abs(drift) <= widestDriftSteps) found ??= { step, driftSteps: drift };
  }
  return found;
}

/** RFC 4648 base 32 without padding, as devices take it. */
export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += base32Letters[(value >> bits) & 31] ?? "";
    }
  }
  return bits === 0 ? text : text + (base32Letters[(value << (5 - bits)) & 31] ?? "");
}

/** The address that an authenticator reads from a QR code or takes as text. */
export function otpauthUrl(station: string, operator: string, secret: Uint8Array): string {
  const label = `${encodeURIComponent(`Sallyport ${station}`)}:${encodeURIComponent(operator)}`;
  const issuer = encodeURIComponent(`Sallyport ${station}`);
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=${digits}&period=${stepMs / 1000}`;
}
