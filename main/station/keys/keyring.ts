import { Refusal } from "../../../shared/errors.ts";
import { decrypt, encrypt } from "../crypto/seal.ts";
import { fingerprint, parseSshPublicKey } from "../crypto/sshsig.ts";
import type { SigningKeyPair } from "../crypto/ed25519.ts";
import { grantMasterKey } from "./operator-keys.ts";
import type { KeyStore } from "./store.ts";
import { openStationKey, signingPair, type KeyPurpose, type StationKeyRow } from "./station-keys.ts";

export interface AgeIdentity {
  readonly identity: string;
  readonly recipient: string;
}

/**
 * The station's keys while somebody is signed in or work runs. Getters of secrets throw `not-signed-in`
 * when it is locked; public halves are always there once the station is founded.
 */
export class Keyring {
  readonly #store: KeyStore;
  readonly #masters = new Map<number, Buffer>();

  constructor(store: KeyStore) {
    this.#store = store;
  }

  get unlocked(): boolean {
    return this.#masters.size > 0;
  }

  /** Takes the master keys by version, newest first; replaces what it held. */
  unlock(masters: ReadonlyMap<number, Buffer>): void {
    this.lock();
    for (const [version, key] of masters) this.#masters.set(version, key);
  }

  /** Wipes the master keys. */
  lock(): void {
    for (const key of this.#masters.values()) key.fill(0);
    this.#masters.clear();
  }

  /** The master keys sealed to a box key, by version: lets its holder in. */
  grantsTo(boxPublic: Buffer): ReadonlyMap<number, Buffer> {
    if (!this.unlocked) throw locked();
    return new Map([...this.#masters].map(([version, key]) => [version, grantMasterKey(key, boxPublic)]));
  }

  /** Seals a value under the newest master key, bound to its place by `place`. */
  seal(plain: Uint8Array, place: string): { readonly masterVersion: number; readonly sealed: Buffer } {
    const masterVersion = Math.max(...this.#masters.keys());
    const master = this.#masters.get(masterVersion);
    if (master === undefined) throw locked();
    return { masterVersion, sealed: encrypt(master, plain, place) };
  }

  /** Opens what {@link seal} made. Throws CannotOpenError when it was changed or moved. */
  unseal(masterVersion: number, sealed: Uint8Array, place: string): Buffer {
    const master = this.#masters.get(masterVersion);
    if (master === undefined) throw locked();
    return decrypt(master, sealed, place);
  }

  /** Newest signing key pair: signs batches, cards and receipts. */
  signing(): SigningKeyPair {
    return signingPair(this.open(this.#newest("signing")));
  }

  /** The unrevoked signing key of this fingerprint, for what was sealed under it; undefined when there is none. */
  signingBy(key: string): SigningKeyPair | undefined {
    const row = this.#store
      .stationKeys("signing")
      .find((one) => fingerprint(parseSshPublicKey(publicHalf(one))) === key);
    return row === undefined ? undefined : signingPair(this.open(row));
  }

  /** Every unrevoked log key, newest first: what it verifies, and its pair when it is asked for. */
  logKeys(): readonly { readonly verifierKey: string; readonly pair: () => SigningKeyPair }[] {
    return this.#store.stationKeys("log").map((row) => ({
      verifierKey: publicHalf(row),
      pair: () => signingPair(this.open(row)),
    }));
  }

  /** Newest log key pair: signs checkpoints of the audit log. */
  log(): SigningKeyPair {
    return signingPair(this.open(this.#newest("log")));
  }

  /** Newest witness key pair: cosigns a peer's checkpoints. */
  witness(): SigningKeyPair {
    return signingPair(this.open(this.#newest("witness")));
  }

  /** Every unrevoked age identity, newest first, for opening parts. */
  ageIdentities(): readonly AgeIdentity[] {
    return this.#store.stationKeys("age").map((row) => ({
      identity: this.open(row).toString("utf8"),
      recipient: publicHalf(row),
    }));
  }

  ageRecipient(): string {
    return publicHalf(this.#newest("age"));
  }

  /** The newest signing key as `ssh-ed25519 AAAA…`. */
  signingPublicKey(): string {
    return publicHalf(this.#newest("signing"));
  }

  /** Every unrevoked signing fingerprint, newest first. */
  fingerprints(): readonly string[] {
    return this.#store.stationKeys("signing").map((row) => fingerprint(parseSshPublicKey(publicHalf(row))));
  }

  logVerifierKey(): string {
    return publicHalf(this.#newest("log"));
  }

  witnessVerifierKey(): string {
    return publicHalf(this.#newest("witness"));
  }

  #newest(purpose: KeyPurpose): StationKeyRow {
    const row = this.#store.stationKeys(purpose)[0];
    if (row === undefined)
      throw new Refusal("not-ready", "This directory holds no station yet. Found one first.");
    return row;
  }

  /** The secret bytes of a station key. */
  open(row: StationKeyRow): Buffer {
    const master = this.#masters.get(row.master_version);
    if (master === undefined) throw locked();
    return openStationKey(row, master);
  }
}

function locked(): Refusal {
  return new Refusal("not-signed-in", "The station is locked. Sign in with an operator's passphrase.");
}

function publicHalf(row: StationKeyRow): string {
  if (row.public === null) throw new Error(`the ${row.purpose} key has no public half`);
  return row.public;
}
