import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateSigningKeyPair, signingKeyPairFromSeed } from "../crypto/ed25519.ts";
import { formatVerifierKey, parseVerifierKey } from "../crypto/vkey.ts";
import { checkpointText, cosign, openNote, parseCheckpointText, signNote } from "./checkpoint.ts";

// The example of C2SP signed-note.
const foo = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const fooNote =
  "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

// The example of golang.org/x/mod/sumdb/note, with its private key.
const neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const neumannSeed = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
const neumannText =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const neumannNote = `${neumannText}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

// The example of C2SP tlog-checkpoint.
const sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

describe("a signed note", () => {
  test.each([
    ["C2SP signed-note", foo, fooNote],
    ["sumdb/note", neumann, neumannNote],
  ])("of the published example of %s verifies", (_source, key, note) => {
    expect(openNote(note, [parseVerifierKey(key)])).toMatchObject({ ok: true });
    expect(openNote(note.replace("e", "E"), [parseVerifierKey(key)])).toEqual({
      ok: false,
      fault: "bad-signature",
    });
  });

  test("of ours is the published one, byte for byte", () => {
    expect(signNote(neumannText, [{ name: "PeterNeumann", pair: signingKeyPairFromSeed(neumannSeed) }])).toBe(
      neumannNote,
    );
  });

  test("never passes with a wrong key, whichever it shares name or id with", () => {
    const { publicKey } = generateSigningKeyPair();
    const wrong = parseVerifierKey(formatVerifierKey("example.com/foo", 1, publicKey));
    expect(openNote(fooNote, [])).toEqual({ ok: false, fault: "unknown-key" });
    expect(openNote(fooNote, [wrong])).toEqual({ ok: false, fault: "unknown-key" });
    const { keyId } = parseVerifierKey(foo);
    expect(openNote(fooNote, [{ ...wrong, keyId }])).toEqual({ ok: false, fault: "bad-signature" });
  });

  test("signed under two names verifies under each, and unknown signatures are passed over", () => {
    const pair = generateSigningKeyPair();
    const note = signNote(sofa, [
      { name: "example.com/behind-the-sofa", pair },
      { name: "low", pair },
    ]);
    for (const name of ["example.com/behind-the-sofa", "low"]) {
      const key = parseVerifierKey(formatVerifierKey(name, 1, pair.publicKey));
      const opened = openNote(note, [key]);
      expect(opened).toMatchObject({ ok: true, text: sofa });
      expect(opened.ok && opened.signedBy.map((one) => one.key.name)).toEqual([name]);
    }
  });
});

describe("a checkpoint", () => {
  test("of the published example reads and writes back", () => {
    const read = parseCheckpointText(sofa);
    expect(read).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20852163 });
    expect(read === null ? "" : checkpointText(read)).toBe(sofa);
  });

  test.each([
    ["no origin", "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"],
    ["a size with a zero before it", sofa.replace("2085", "02085")],
    ["a size beyond what counts exactly", sofa.replace("20852163", "9007199254740993")],
    ["a sign", sofa.replace("2085", "+2085")],
    ["a root cut short", "a\n1\nCsUYapGGPo4=\n"],
    ["an empty extension line", `${sofa}\n`],
    ["no line feed at its end", sofa.slice(0, -1)],
  ])("with %s is none", (_what, text) => {
    expect(parseCheckpointText(text)).toBeNull();
  });

  test("of any text never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseCheckpointText(text);
        expect(openNote(text, [parseVerifierKey(foo)])).toMatchObject({ ok: false });
      }),
    );
  });
});

describe("a cosignature", () => {
  const log = generateSigningKeyPair();
  const witness = generateSigningKeyPair();
  const note = signNote(sofa, [{ name: "example.com/behind-the-sofa", pair: log }]);
  const witnessKey = parseVerifierKey(formatVerifierKey("witness.example/w1", 4, witness.publicKey));

  test("stands beside the log's signature and says when it was made", () => {
    const both = cosign(note, { name: "witness.example/w1", pair: witness }, 1_679_315_147);
    const opened = openNote(both, [witnessKey]);
    expect(opened).toMatchObject({ ok: true, text: sofa });
    expect(opened.ok && opened.signedBy).toEqual([{ key: witnessKey, time: 1_679_315_147 }]);
    const logKey = parseVerifierKey(formatVerifierKey("example.com/behind-the-sofa", 1, log.publicKey));
    expect(openNote(both, [logKey, witnessKey])).toMatchObject({ ok: true });
  });

  test("of another time or another head doesn't hold", () => {
    const both = cosign(note, { name: "witness.example/w1", pair: witness }, 1_679_315_147);
    expect(openNote(both.replace("20852163", "20852164"), [witnessKey])).toEqual({
      ok: false,
      fault: "bad-signature",
    });
    const line = both.trimEnd().split("\n").at(-1) as string;
    const bytes = Buffer.from(line.split(" ")[2] as string, "base64");
    bytes[11] = (bytes[11] ?? 0) + 1;
    const later = both.replace(line, `${line.split(" ").slice(0, 2).join(" ")} ${bytes.toString("base64")}`);
    expect(openNote(later, [witnessKey])).toEqual({ ok: false, fault: "bad-signature" });
  });
});
