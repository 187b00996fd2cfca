/** The station's keys while somebody is signed in. Every getter throws `not-signed-in` when it is locked. */
export interface Keyring {
  readonly unlocked: boolean;
  /** Newest signing key pair (Ed25519, 32 and 64 bytes): signs batches, cards and receipts. */
  signing(): { readonly publicKey: Buffer; readonly secretKey: Buffer };
  /** Newest age recipient (public; needs no unlock once founded). */
  ageRecipient(): string;
  /** Every unrevoked age identity, newest first, for opening parts. */
  ageIdentities(): readonly { readonly identity: string; readonly recipient: string }[];
  /** Every unrevoked signing fingerprint of ours, newest first (public). */
  fingerprints(): readonly string[];
  /** C2SP verifier keys of the log and of the witness (public). */
  logVerifierKey(): string;
  witnessVerifierKey(): string;
}
