import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAgeKeyPair } from "./forge/age.ts";
import { cardOf, makeIdentity, makeSigningKey, phraseNumbers, verifierKey } from "./forge/identity.ts";
import type { Identity } from "./forge/identity.ts";
import { publicKeyLine, signMessage } from "./forge/sshsig.ts";
import { freshName, openScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Cards handed over at pairing: what a station must not take in, and what no peer may become. */

const root = mkdtempSync(join(tmpdir(), "hostile-cards-"));
let scene: Scene;
beforeAll(async () => {
  scene = await openScene(root, "response");
}, 60_000);
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

const stranger = (): Identity => makeIdentity(freshName("card"), "request");
const add = (card: string): Promise<{ phrase: string }> => scene.call("peers", "add", { card });

/** A card with some fields changed, signed by its own key all the same. */
const changed = (changes: Record<string, unknown>): string => cardOf(stranger(), changes);
/** A card whose text was changed after signing. */
const tampered = (change: (card: string) => string): string => change(cardOf(stranger()));

/** A card line of any text, truly signed. */
function signedLine(identity: Identity, text: string): string {
  return text + signMessage(Buffer.from(text), identity.signing, "sallyport-card@v1");
}
function lineOf(identity: Identity): string {
  const card = cardOf(identity);
  return card.slice(0, card.indexOf("\n") + 1);
}

const bent: readonly [string, () => string][] = [
  ["empty", () => ""],
  ["no JSON", () => "no card\n"],
  ["without a signature", () => lineOf(stranger())],
  ["changed after signing", () => tampered((card) => card.replace('"serial":1', '"serial":2'))],
  ["signed by another key", () => lineOf(stranger()) + cardOf(stranger()).replace(/^.*\n/, "")],
  [
    "signed as a batch",
    () => {
      const identity = stranger();
      const text = lineOf(identity);
      return text + signMessage(Buffer.from(text), identity.signing, "sallyport-batch@v1");
    },
  ],
  ["followed by more text", () => tampered((card) => `${card}more\n`)],
  ["of a later format", () => changed({ format: "sallyport-card@v2" })],
  ["with an unknown field", () => changed({ admin: true })],
  ["with a key twice", () => signedTwice('{"serial":9,')],
  ["with __proto__", () => signedTwice('{"__proto__":{},')],
  ["with upper case in its name", () => changed({ name: "High" })],
  ["with a path in its name", () => changed({ name: "../../etc" })],
  ["with a space and a namespace in its name", () => changed({ name: 'a namespaces="*"' })],
  ["with a line break in its name", () => changed({ name: "a\nb" })],
  ["with a name of 33 letters", () => changed({ name: "a".repeat(33) })],
  ["of our own side", () => changed({ side: "response" })],
  ["of no side", () => changed({ side: "both" })],
  ["with our own name", () => changed({ name: "high" })],
  ["with our own station id", () => changed({ station: scene.reader.station })],
  ["with a short station id", () => changed({ station: "abc" })],
  [
    "with another key than it was signed by",
    () => changed({ signingKey: publicKeyLine(makeSigningKey().rawPublicKey) }),
  ],
  ["with a comment behind its key", () => changedKey((key) => `${key} root@host`)],
  ["with an RSA key", () => changed({ signingKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ" })],
  [
    "with a recipient of a plugin",
    () =>
      changed({ ageRecipient: "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t" }),
  ],
  [
    "with a recipient whose check digits are wrong",
    () =>
      changed({
        ageRecipient: makeAgeKeyPair().recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q")),
      }),
  ],
  ["with a secret identity for a recipient", () => changed({ ageRecipient: makeAgeKeyPair().identity })],
  [
    "with a log key of another name",
    () => changed({ logKey: verifierKey("other", 1, makeSigningKey().rawPublicKey) }),
  ],
  [
    "with a log key of the witness's algorithm",
    () => {
      const identity = stranger();
      return cardOf(identity, { logKey: verifierKey(identity.name, 4, makeSigningKey().rawPublicKey) });
    },
  ],
  ["with serial 0", () => changed({ serial: 0 })],
  ["with a serial and a half", () => changed({ serial: 1.5 })],
  ["replacing no fingerprint", () => changed({ replaces: "mine" })],
  ["above 8 KiB", () => changed({ vaultRecipient: "x".repeat(9000) })],
];

function signedTwice(head: string): string {
  const identity = stranger();
  return signedLine(identity, lineOf(identity).replace("{", head));
}
function changedKey(change: (key: string) => string): string {
  const identity = stranger();
  return cardOf(identity, { signingKey: change(publicKeyLine(identity.signing.rawPublicKey)) });
}

describe("a card is not taken", () => {
  test.each(bent)("%s", async (_, make) => {
    await expect(add(make())).rejects.toMatchObject({
      code: expect.stringMatching(/^(refused|bad-input|conflict)$/),
    });
  });

  test("and none of them left a peer behind", async () => {
    expect(await scene.call("peers", "list")).toEqual({ peers: [] });
  });
});

describe("a card is taken", () => {
  test("and its phrase is the one that a second implementation derives", async () => {
    const card = cardOf(stranger());
    const { phrase } = await add(card);
    const list = readFileSync(
      new URL("../../main/areas/transfer/format/phrase-words.ts", import.meta.url),
      "utf8",
    );
    const words: readonly string[] = list.match(/\b[a-z]{3,8}\b/g) ?? [];
    const from = words.indexOf("abandon");
    expect(phrase).toBe(
      phraseNumbers(card)
        .map((number) => words[from + number])
        .join(" "),
    );
  });

  test("but not another of the same name or station once it is trusted", async () => {
    const known = stranger();
    const { phrase } = await add(cardOf(known));
    await scene.call("peers", "trust", { peer: known.name, phrase });
    const refusal = { code: expect.stringMatching(/^(refused|conflict)$/) };
    await expect(add(cardOf({ ...stranger(), name: known.name }))).rejects.toMatchObject(refusal);
    await expect(add(cardOf({ ...stranger(), station: known.station }))).rejects.toMatchObject(refusal);
  });

  test("and a phrase that is another's does not make it trusted", async () => {
    const [one, other] = [stranger(), stranger()];
    await add(cardOf(one));
    const { phrase } = await add(cardOf(other));
    await expect(scene.call("peers", "trust", { peer: one.name, phrase })).rejects.toMatchObject({
      code: "refused",
    });
  });

  test("and a second card for its station needs the old key's signature", async () => {
    const old = stranger();
    const { phrase } = await add(cardOf(old));
    await scene.call("peers", "trust", { peer: old.name, phrase });
    const stolen: Identity = { ...old, signing: makeSigningKey() };
    const rotation = cardOf(stolen, { serial: 2, replaces: old.signing.fingerprint });
    await expect(add(rotation)).rejects.toMatchObject({
      code: expect.stringMatching(/^(refused|conflict|not-ready)$/),
    });
  });
});
