/** Reading and writing of the SSH wire format (RFC 4251 section 5): 32-bit lengths before each string. */

/** A string of the SSH wire format: its length in four bytes, then its bytes. */
export function sshString(value: Uint8Array | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}

/** Takes values off the front of SSH wire bytes; every method gives null once the bytes run out. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  raw(count: number): Buffer | null {
    if (this.#bytes.byteLength - this.#at < count) return null;
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  uint32(): number | null {
    return this.raw(4)?.readUInt32BE() ?? null;
  }

  string(): Buffer | null {
    const length = this.uint32();
    return length === null ? null : this.raw(length);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }
}

/** Decodes base64 in its one canonical form (padding, no spare bits, no white space), else null. */
export function canonicalBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
