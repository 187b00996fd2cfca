import { bech32 } from "@scure/base";
import { Decrypter } from "age-encryption";
import { describe, expect, test } from "vitest";
import { generateAgeIdentity } from "./age.ts";
import { writeAgeHeader } from "./age-header.ts";

describe("the header of an age file", () => {
  test("the age library opens it to the same file key", async () => {
    const { identity, recipient } = await generateAgeIdentity();
    const { header, fileKey } = writeAgeHeader(recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(Buffer.from(await decrypter.decryptHeader(header))).toEqual(fileKey);
  });

  test("two for one recipient share nothing", async () => {
    const { recipient } = await generateAgeIdentity();
    const [one, two] = [writeAgeHeader(recipient), writeAgeHeader(recipient)];
    expect(one.fileKey).not.toEqual(two.fileKey);
    expect(one.header.toString().split("\n")[1]).not.toBe(two.header.toString().split("\n")[1]);
  });

  test("a recipient with one letter changed is refused by its checksum", async () => {
    const { recipient } = await generateAgeIdentity();
    const changed = recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
    expect(() => writeAgeHeader(changed)).toThrow(/checksum/i);
  });

  test("a point of low order, whose shared secret everybody knows, is refused", () => {
    const zero = bech32.encodeFromBytes("age", new Uint8Array(32));
    expect(() => writeAgeHeader(zero)).toThrow(/derivation/i);
  });

  test.each([
    ["another kind of key", bech32.encodeFromBytes("age1pq", new Uint8Array(32).fill(9))],
    ["a key of another length", bech32.encodeFromBytes("age", new Uint8Array(31).fill(9))],
  ])("%s is refused", (_what, text) => {
    expect(() => writeAgeHeader(text)).toThrow("not an X25519 recipient");
  });
});
