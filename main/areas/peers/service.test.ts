import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../../station/crypto/ed25519.ts";
import { formatSshPublicKey } from "../../station/crypto/sshsig.ts";
import { formatVerifierKey, parseVerifierKey } from "../../station/crypto/vkey.ts";
import { writeCard, type Card } from "../transfer/format/card.ts";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";

let low: TestStation;
let high: TestStation;
let client: TestClient;
let card: string;
let phrase: string;

beforeEach(async () => {
  low = await openTestStation("request");
  high = await openTestStation("response");
  client = await low.signedIn();
  ({ card, phrase } = await (await high.signedIn()).station.card({}));
});
afterEach(async () => {
  await low.close();
  await high.close();
});

/** Verifier keys carry the name of their card. */
function verifierKeys(name: string, { logKey, witnessKey }: Pick<Card, "logKey" | "witnessKey">) {
  return {
    logKey: formatVerifierKey(name, 1, parseVerifierKey(logKey).publicKey),
    witnessKey: formatVerifierKey(name, 4, parseVerifierKey(witnessKey).publicKey),
  };
}

describe("pairing", () => {
  test("a card comes in as pending, with the phrase to compare", async () => {
    expect(await client.peers.add({ card })).toMatchObject({
      name: "high",
      state: "pending",
      phrase,
      serial: 1,
    });
    expect((await client.peers.list({})).peers).toHaveLength(1);
  });

  test("trust needs the words that the other operator reads aloud", async () => {
    await client.peers.add({ card });
    await expect(
      client.peers.trust({ peer: "high", phrase: "one two three four five six seven eight" }),
    ).rejects.toThrow("not the words");
    const said = `  ${phrase.toUpperCase().replaceAll(" ", "   ")} `;
    expect(await client.peers.trust({ peer: "high", phrase: said })).toMatchObject({
      state: "trusted",
      nextOut: 1,
    });
    await expect(client.peers.trust({ peer: "high", phrase })).rejects.toThrow("trusted already");
  });

  test("the same card twice changes nothing; a swapped card before trust starts over", async () => {
    await client.peers.add({ card });
    await client.peers.add({ card });
    expect((await client.peers.list({})).peers).toHaveLength(1);
  });

  test("a card with one changed byte is not signed any more", async () => {
    await expect(client.peers.add({ card: card.replace('"name":"high"', '"name":"hugh"') })).rejects.toThrow(
      "not a card that can be taken",
    );
    expect((await client.peers.list({})).peers).toEqual([]);
  });

  test("our own card, our own side and a name that is taken are refused", async () => {
    const own = await client.station.card({});
    await expect(client.peers.add({ card: own.card })).rejects.toThrow("names this very station");
    const twin = await openTestStation("request");
    const twinCard = (await (await twin.signedIn()).station.card({})).card;
    await expect((await high.signedIn()).peers.add({ card: twinCard })).resolves.toMatchObject({
      name: "low",
    });
    await expect((await high.signedIn()).peers.add({ card: own.card })).rejects.toThrow("already called low");
    await twin.close();
  });

  test("a later card keeps name and side, and no other station's card carries the same key", async () => {
    const key = generateSigningKeyPair();
    const fields = JSON.parse(card.slice(0, card.indexOf("\n"))) as Omit<Card, "format">;
    const made: Omit<Card, "format"> = {
      ...fields,
      station: "b".repeat(32),
      signingKey: formatSshPublicKey(key.publicKey),
    };
    const first = await client.peers.add({ card: writeCard(made, key) });
    await client.peers.trust({ peer: "high", phrase: first.phrase });
    const second = { ...made, serial: 2, replaces: first.fingerprint };
    const renamed = writeCard({ ...second, name: "hugh", ...verifierKeys("hugh", second) }, key, key);
    await expect(client.peers.add({ card: renamed })).rejects.toThrow("another name or side");
    const twin = { ...made, station: "c".repeat(32), name: "twin", ...verifierKeys("twin", made) };
    await expect(client.peers.add({ card: writeCard(twin, key) })).rejects.toThrow("ALARM");
    expect((await client.peers.list({})).peers).toHaveLength(1);
  });

  test("a revoked peer is not taken back with the key that was revoked", async () => {
    await client.peers.add({ card });
    await client.peers.trust({ peer: "high", phrase });
    expect(await client.peers.revoke({ peer: "high" })).toMatchObject({ state: "revoked" });
    await expect(client.peers.revoke({ peer: "high" })).rejects.toThrow("revoked already");
    await expect(client.peers.trust({ peer: "high", phrase })).rejects.toThrow("not taken back");
    await client.peers.add({ card });
    expect((await client.peers.list({})).peers).toMatchObject([{ state: "revoked" }]);
  });

  test("a revoked peer is trusted anew under another key, once its words were compared again", async () => {
    await client.peers.add({ card });
    await client.peers.trust({ peer: "high", phrase });
    await client.peers.revoke({ peer: "high" });
    const key = generateSigningKeyPair();
    const fields = JSON.parse(card.slice(0, card.indexOf("\n"))) as Omit<Card, "format">;
    const made = { ...fields, signingKey: formatSshPublicKey(key.publicKey), serial: 2, replaces: null };
    // Offered twice, by hand of somebody who swaps cards: the last one is compared.
    const other = generateSigningKeyPair();
    const swapped = { ...made, signingKey: formatSshPublicKey(other.publicKey) };
    await client.peers.add({ card: writeCard(swapped, other) });
    const anew = await client.peers.add({ card: writeCard(made, key) });
    expect(anew).toMatchObject({ state: "pending", serial: 2 });
    await expect(client.peers.trust({ peer: "high", phrase })).rejects.toThrow("not the words");
    expect(await client.peers.trust({ peer: "high", phrase: anew.phrase })).toMatchObject({
      state: "trusted",
      fingerprint: anew.fingerprint,
    });
    // The old key stays revoked, also for a card with a higher serial.
    await expect(client.peers.trust({ peer: "high", phrase })).rejects.toThrow("trusted already");
  });

  test("what was sealed for the revoked key and never copied is given up by the trust in the new one", async () => {
    let armed = true;
    const sender = await openTestStation("request", {
      step: (name) => {
        if (armed && name === "copy.begin") throw new Error("pulled out");
      },
    });
    const asking = await sender.signedIn();
    await asking.peers.add({ card });
    await asking.peers.trust({ peer: "high", phrase });
    await asking.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    const medium = mkdtempSync(join(tmpdir(), "stick-"));
    await expect(asking.transfer.export({ to: "high", medium })).rejects.toThrow("reference");
    await asking.peers.revoke({ peer: "high" });
    const key = generateSigningKeyPair();
    const fields = JSON.parse(card.slice(0, card.indexOf("\n"))) as Omit<Card, "format">;
    const made = { ...fields, signingKey: formatSshPublicKey(key.publicKey), serial: 2, replaces: null };
    const anew = await asking.peers.add({ card: writeCard(made, key) });
    await asking.peers.trust({ peer: "high", phrase: anew.phrase });
    armed = false;
    expect(await asking.transfer.export({ to: "high", medium })).toMatchObject({ sequence: 2, again: [] });
    expect((await asking.transfer.ledger({})).batches.map(({ state }) => state)).toEqual([
      "voided",
      "copied",
    ]);
    rmSync(medium, { recursive: true });
    await sender.close();
  });
});
