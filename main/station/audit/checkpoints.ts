import { parseVerifierKey, formatVerifierKey, type VerifierKey } from "../crypto/vkey.ts";
import type { StationIdentity } from "../identity.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { Store } from "../store/store.ts";
import { checkpointText, logOrigin, openNote, signNote, type NoteSigner } from "./checkpoint.ts";
import type { AuditLog } from "./log.ts";
import { consistencyHashes } from "./proof.ts";

export interface StoredCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** The signed note, as it was given out. */
  readonly note: string;
  readonly signedAt: string;
}

/** What a batch carries of our log (docs/format.md): the newest checkpoint, and proofs from sizes the peer may know. */
export interface CarriedCheckpoint {
  readonly note: string;
  readonly size: number;
  readonly proofs: readonly { readonly since: number; readonly hashes: readonly string[] }[];
}

/** Signed heads of this station's log. */
export interface Checkpoints {
  /** The last one signed, or null before the first. */
  newest(): StoredCheckpoint | null;
  /** Newest first, below `before` events. */
  list(limit: number, before: number): StoredCheckpoint[];
  /**
   * The checkpoint of the log as it is committed now; signed when there is none yet. Throws `not-signed-in` while the station
   * is locked, and `not-ready` while an alarm is open: a log must not sign a head that contradicts an earlier one.
   */
  make(): StoredCheckpoint;
  /** The keys that verify new ones: the card's, and the same key under the log's origin, for tools that expect it. */
  keys(): VerifierKey[];
  /** These, and those of every earlier version of the log key: for what was signed before. */
  everyKey(): VerifierKey[];
  /** The newest checkpoint with a proof from each size that our log has reached; null before the first. For batches. */
  checkpointFor(since: readonly number[]): CarriedCheckpoint | null;
}

export interface CheckpointsDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly keyring: Keyring;
  readonly clock: () => Date;
  readonly identity: () => StationIdentity;
}

interface Row {
  size: number;
  root: Buffer;
  note: string;
  signed_at: string;
}

export function createCheckpoints({ store, audit, keyring, clock, identity }: CheckpointsDeps): Checkpoints {
  const select = store.prepare(
    "SELECT size, root, note, signed_at FROM audit_checkpoint WHERE lineage = ? AND size < ? ORDER BY size DESC LIMIT ?",
  );
  const insert = store.prepare(
    "INSERT INTO audit_checkpoint (lineage, size, root, note, signed_at) VALUES (?, ?, ?, ?, ?)",
  );
  const origin = (): string => logOrigin(identity().id, identity().lineage);

  function list(limit: number, before: number): StoredCheckpoint[] {
    const rows = select.all(identity().lineage, before, limit) as Row[];
    return rows.map((row) => ({
      origin: origin(),
      size: row.size,
      root: row.root,
      note: row.note,
      signedAt: row.signed_at,
    }));
  }

  /** A log key under the name of the card and under the log's origin. */
  function names(text: string): VerifierKey[] {
    const card = parseVerifierKey(text);
    return [card, parseVerifierKey(formatVerifierKey(origin(), 1, card.publicKey))];
  }

  const keys = (): VerifierKey[] => names(keyring.logVerifierKey());

  const everyKey = (): VerifierKey[] => keyring.logKeys().flatMap(({ verifierKey }) => names(verifierKey));

  /**
   * The newest key; and for the first checkpoint after a change of it, the one before too: whoever holds that key alone
   * sees it vouch for the event that names the next.
   */
  function signers(last: StoredCheckpoint | null): NoteSigner[] {
    const [current, ...earlier] = keyring.logKeys();
    const signedBy = ({ verifierKey }: { verifierKey: string }): boolean =>
      last !== null && openNote(last.note, names(verifierKey)).ok;
    const handing = current === undefined || signedBy(current) ? [] : earlier.filter(signedBy).slice(0, 1);
    return [...(current === undefined ? [] : [current]), ...handing].flatMap(({ verifierKey, pair }) => {
      const opened = pair();
      return names(verifierKey).map(({ name }) => ({ name, pair: opened }));
    });
  }

  const newest = (): StoredCheckpoint | null => list(1, Number.MAX_SAFE_INTEGER)[0] ?? null;

  return {
    newest,
    list,
    keys,
    everyKey,
    make() {
      audit.alarms.expectNone();
      const { events: size, root: hex } = audit.head();
      const root = Buffer.from(hex, "hex");
      const last = newest();
      if (last?.size === size && last.root.equals(root)) return last;
      if (last !== null) expectContinued(audit, last, size);
      const note = signNote(checkpointText({ origin: origin(), size, root }), signers(last));
      const signedAt = clock().toISOString();
      // No event: it would be one that no checkpoint covers, for each checkpoint.
      store.write(() => insert.run(identity().lineage, size, root, note, signedAt));
      return { origin: origin(), size, root, note, signedAt };
    },
    checkpointFor(since) {
      const last = newest();
      if (last === null) return null;
      const reader = audit.tree.reader();
      const sizes = [...new Set(since)].filter((size) => size > 0 && size <= last.size);
      const proofs = sizes.map((size) => ({
        since: size,
        hashes: consistencyHashes(reader, size, last.size).map((hash) => hash.toString("base64")),
      }));
      return { note: last.note, size: last.size, proofs };
    },
  };
}

/** C2SP tlog-checkpoint: a log must not sign a head that is inconsistent with one that it signed before. */
function expectContinued(audit: AuditLog, last: StoredCheckpoint, size: number): void {
  if (last.size <= size && audit.tree.rootAt(last.size).equals(last.root)) return;
  throw new Error(`the log doesn't continue its checkpoint of ${last.size} events: nothing was signed`);
}
