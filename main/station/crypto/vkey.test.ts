import { describe, expect, test } from "vitest";

import { generateSigningKeyPair, signBytes } from "./ed25519.ts";
import { noteCapBytes, parseNote } from "./note.ts";
import { formatVerifierKey, parseVerifierKey } from "./vkey.ts";

describe("verifier keys", () => {
  test("the well-known key of sum.golang.org is read, and written the same", () => {
    const text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    const key = parseVerifierKey(text);
    expect(key).toMatchObject({ name: "sum.golang.org", type: 1, keyId: 0x033de0ae });
    expect(formatVerifierKey(key.name, key.type, key.publicKey)).toBe(text);
  });

  test("both types make the round trip", () => {
    const { publicKey } = generateSigningKeyPair();
    for (const type of [1, 4] as const) {
      const key = parseVerifierKey(formatVerifierKey("low", type, publicKey));
      expect(key).toMatchObject({ name: "low", type, publicKey });
    }
  });

  test("another name, id, type, length or base64 is refused", () => {
    const { publicKey } = generateSigningKeyPair();
    const text = formatVerifierKey("low", 4, publicKey);
    const encoded = text.split("+").slice(2).join("+");
    for (const other of [
      text.replace("low", "law"),
      `low+00000000+${encoded}`,
      `low+${text.split("+")[1]?.toUpperCase()}x+${encoded}`,
      ` ${text}`,
      `${text}\n`,
      `+${text.slice(4)}`,
      formatVerifierKey("low", 2 as 1, publicKey),
      formatVerifierKey("low", 1, publicKey.subarray(1)),
      "low",
      "",
    ]) {
      expect(() => parseVerifierKey(other)).toThrow(/verifier key/);
    }
  });
});

describe("signed notes", () => {
  const { secretKey } = generateSigningKeyPair();
  const text = "sallyport/0123/4567\n12\nbase64root=\n";
  const blob = Buffer.concat([Buffer.from("01020304", "hex"), signBytes(Buffer.from(text), secretKey)]);
  const note = `${text}\n\u2014 low ${blob.toString("base64")}\n`;

  test("text and signatures come apart", () => {
    const parsed = parseNote(note);
    expect(parsed?.text).toBe(text);
    expect(parsed?.signatures).toMatchObject([{ name: "low", keyId: 0x01020304 }]);
    expect(parsed?.signatures[0]?.signature).toHaveLength(64);
  });

  test.each([
    ["no signature", text],
    ["no last LF", note.slice(0, -1)],
    ["a control character", note.replace("12", "1\t2")],
    ["a hyphen for the dash", note.replace("\u2014", "-")],
    ["spare base64 bits", note.replace(/.\n$/, "\n")],
    ["half a character pair", note.replace("12", "\ud800")],
    ["more than 64 KiB", `${"x".repeat(noteCapBytes)}\n${note}`],
    ["an empty text", `\n\n${note.split("\n\n")[1] ?? ""}`],
    ["nothing", ""],
  ])("%s is no note", (_name, other) => {
    expect(parseNote(other)).toBeNull();
  });
});
