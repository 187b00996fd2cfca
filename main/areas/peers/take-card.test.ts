import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generateAgeIdentity } from "../../station/crypto/age.ts";
import { generateSigningKeyPair, type SigningKeyPair } from "../../station/crypto/ed25519.ts";
import { fingerprint, formatSshPublicKey } from "../../station/crypto/sshsig.ts";
import { formatVerifierKey } from "../../station/crypto/vkey.ts";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";
import { writeCard } from "../transfer/format/card.ts";
import { cardPhrase } from "../transfer/format/phrase.ts";

let low: TestStation;
let client: TestClient;
beforeEach(async () => {
  low = await openTestStation("request");
  client = await low.signedIn();
});
afterEach(() => low.close());

interface Maker {
  readonly text: string;
  readonly phrase: string;
}

/** A card of the station `high` with these keys; a rotation when it replaces a key. */
async function card(signing: SigningKeyPair, serial = 1, replaced?: SigningKeyPair): Promise<Maker> {
  const other = generateSigningKeyPair();
  const text = writeCard(
    {
      station: "ab".repeat(16),
      name: "high",
      side: "response",
      signingKey: formatSshPublicKey(signing.publicKey),
      ageRecipient: (await generateAgeIdentity()).recipient,
      vaultRecipient: null,
      logKey: formatVerifierKey("high", 1, other.publicKey),
      witnessKey: formatVerifierKey("high", 4, other.publicKey),
      serial,
      createdAt: "2026-11-21T08:00:00.000Z",
      replaces: replaced === undefined ? null : fingerprint(replaced.publicKey),
    },
    signing,
    replaced,
  );
  const line = Buffer.from(text.slice(0, text.indexOf("\n") + 1));
  return { text, phrase: cardPhrase(line) };
}

async function trust(made: Maker): Promise<void> {
  await client.peers.add({ card: made.text });
  await client.peers.trust({ peer: "high", phrase: made.phrase });
}

const lastEvent = async () => (await client.audit.list({ limit: 1 })).events[0];

describe("a second card of one station", () => {
  test("before anybody trusted the first one simply takes its place", async () => {
    const first = await card(generateSigningKeyPair());
    const second = await card(generateSigningKeyPair());
    await client.peers.add({ card: first.text });
    await client.peers.add({ card: second.text });
    expect(await lastEvent()).toMatchObject({ action: "peers.card-replaced-before-trust" });
    await expect(client.peers.trust({ peer: "high", phrase: first.phrase })).rejects.toThrow("not the words");
    expect(await client.peers.trust({ peer: "high", phrase: second.phrase })).toMatchObject({
      state: "trusted",
    });
  });

  test("signed by the key that it replaces is a rotation, and counts once its words were heard", async () => {
    const old = generateSigningKeyPair();
    const fresh = generateSigningKeyPair();
    await trust(await card(old));
    const rotation = await card(fresh, 2, old);
    expect(await client.peers.add({ card: rotation.text })).toMatchObject({ serial: 2, state: "trusted" });
    await client.peers.trust({ peer: "high", phrase: rotation.phrase });
    expect((await client.peers.list({})).peers[0]).toMatchObject({
      serial: 2,
      fingerprint: fingerprint(fresh.publicKey),
    });
  });

  test("by another key than the one held is not taken, whatever it claims to replace", async () => {
    const thief = generateSigningKeyPair();
    await trust(await card(generateSigningKeyPair()));
    const forged = await card(generateSigningKeyPair(), 2, thief);
    await expect(client.peers.add({ card: forged.text })).rejects.toThrow("does not follow the one held");
    const bare = await card(generateSigningKeyPair(), 2);
    await expect(client.peers.add({ card: bare.text })).rejects.toThrow("does not follow the one held");
    expect((await client.peers.list({})).peers[0]?.serial).toBe(1);
  });

  test("that skips a serial is not taken", async () => {
    const old = generateSigningKeyPair();
    await trust(await card(old));
    const jump = await card(generateSigningKeyPair(), 3, old);
    await expect(client.peers.add({ card: jump.text })).rejects.toThrow("does not follow the one held");
  });

  test("with the serial of a different rotation is an alarm that stays in the log", async () => {
    const old = generateSigningKeyPair();
    await trust(await card(old));
    await client.peers.add({ card: (await card(generateSigningKeyPair(), 2, old)).text });
    const twin = await card(generateSigningKeyPair(), 2, old);
    await expect(client.peers.add({ card: twin.text })).rejects.toThrow("ALARM: two different cards");
    const { events } = await client.audit.list({ limit: 3 });
    expect(events.map((event) => event.action)).toContain("peers.rotation-conflict");
  });

  test("of a revoked station is as unknown as a new one, whoever signed it, and never under the old key", async () => {
    const old = generateSigningKeyPair();
    await trust(await card(old));
    await client.peers.revoke({ peer: "high" });
    const again = await card(old, 2);
    await expect(client.peers.add({ card: again.text })).rejects.toThrow("under a new key alone");
    const rotation = await card(generateSigningKeyPair(), 2, old);
    expect(await client.peers.add({ card: rotation.text })).toMatchObject({ state: "pending" });
    expect((await client.peers.list({})).peers).toMatchObject([
      { name: "high", state: "pending", serial: 2 },
    ]);
  });
});
