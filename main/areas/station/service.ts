import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { contract } from "../../../shared/contract/contract.ts";
import { armorAge } from "../../station/crypto/age-armor.ts";
import { sealAgeWithPassphrase } from "../../station/crypto/age.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import { version } from "../../station/version.ts";
import { cardPhrase } from "../transfer/format/phrase.ts";
import { parseCard, writeCard } from "../transfer/format/card.ts";
import type { SessionService } from "../session/service.ts";
import type { DiskGuard } from "./disk-space.ts";
import { diskEncrypted } from "./disk.ts";
import { foundStation } from "./found.ts";
import type { TransferService } from "../transfer/service.ts";
import { revokeKey } from "./revoke-key.ts";
import { exposedAfterRotation, rotateKeys } from "./rotate.ts";
import { addCard, newestCard, passwordHash, peerCounts, trustedPeers } from "./store.ts";

export type { DiskGuard, DiskStanding } from "./disk-space.ts";
export { readStationRow } from "./store.ts";

export interface StationService {
  readonly handlers: Pick<
    AreaHandlers<typeof contract.station>,
    "init" | "show" | "card" | "rotateKeys" | "revokeKey" | "identity"
  >;
  readonly steps: TwoPersonSteps;
  /** The newest own card, made and kept the first time it is asked for. */
  ownCard(): { readonly text: string; readonly serial: number };
}

const atRest = {
  encrypted: ["keys", "spool parts", "backups (but the copy that a migration makes)"],
  clear: ["database with request and response bodies", "received files", "quarantine", "artifacts", "logs"],
};

export function createStationService(
  kernel: Kernel,
  keys: KeyStore,
  session: SessionService,
  disk: DiskGuard,
  checkpoints: Checkpoints,
  transfer: Pick<TransferService, "giveUpUnsent" | "resignReceipts">,
): StationService {
  function founded() {
    const identity = kernel.identity();
    return {
      station: identity.id,
      name: identity.name,
      side: identity.side,
      people: identity.people,
      lineage: identity.lineage,
      directory: kernel.directory,
      createdAt: identity.createdAt,
      fingerprint: fingerprint(parseSshPublicKey(kernel.keyring.signingPublicKey())),
      ageRecipient: kernel.keyring.ageRecipient(),
    };
  }

  /** A card is made once and kept, because its phrase is of its exact bytes. */
  function ownCard() {
    const kept = newestCard(kernel.store);
    if (kept !== undefined) return kept;
    const identity = kernel.identity();
    const text = writeCard(
      {
        station: identity.id,
        name: identity.name,
        side: identity.side,
        signingKey: kernel.keyring.signingPublicKey(),
        ageRecipient: kernel.keyring.ageRecipient(),
        vaultRecipient: null,
        logKey: kernel.keyring.logVerifierKey(),
        witnessKey: kernel.keyring.witnessVerifierKey(),
        serial: 1,
        createdAt: kernel.clock().toISOString(),
        replaces: null,
      },
      kernel.keyring.signing(),
    );
    kernel.store.write(() => {
      addCard(kernel.store, 1, text, kernel.clock().toISOString());
      kernel.audit.append({
        actor: "system",
        action: "station.card-made",
        object: identity.id,
        outcome: "done",
        details: { serial: 1, sha256: sha256Hex(text) },
      });
    });
    return { text, serial: 1 };
  }

  function cardView() {
    const { text, serial } = ownCard();
    const card = parseCard(Buffer.from(text, "utf8"));
    return {
      card: text,
      phrase: cardPhrase(card.line),
      fingerprint: fingerprint(parseSshPublicKey(card.card.signingKey)),
      ageRecipient: card.card.ageRecipient,
      serial,
    };
  }

  /** After a rotation: the old log key vouches for the event that names the new one. Null while the log has an alarm. */
  function handover(): string | null {
    return kernel.audit.alarms.open().length > 0 ? null : checkpoints.make().note;
  }

  return {
    ownCard,
    steps: {
      "station.identity": { state: () => kernel.keyring.ageRecipient() },
      "station.rotateKeys": {
        state: () => ({ keys: kernel.keyring.fingerprints(), master: keys.newestMaster() }),
      },
      "station.revokeKey": { state: () => kernel.keyring.fingerprints() },
    },
    handlers: {
      async init(input, call) {
        await foundStation(kernel, keys, input, call);
        return founded();
      },

      show() {
        return {
          ...founded(),
          version,
          program: kernel.program ?? null,
          schemaVersion: Number(kernel.store.db.pragma("user_version", { simple: true })),
          sqliteVersion: String(kernel.store.prepare("SELECT sqlite_version()").pluck().get()),
          synchronous: "FULL",
          databaseBytes: statSync(kernel.paths.database).size,
          spoolBytes: folderBytes(kernel.paths.spool),
          freeBytes: disk.standing().freeBytes,
          disk: disk.standing(),
          audit: kernel.audit.head(),
          peers: peerCounts(kernel.store),
          diskEncrypted: diskEncrypted(kernel.directory),
          atRest,
          holder: { shell: kernel.shell, pid: process.pid, since: kernel.openedAt },
          keys: keys.allStationKeys().map((row) => ({
            purpose: row.purpose,
            version: row.version,
            public: row.public,
            createdAt: row.created_at,
            fingerprint:
              row.purpose === "signing" && row.public !== null
                ? fingerprint(parseSshPublicKey(row.public))
                : null,
            retiredAt: row.retired_at ?? null,
            revokedAt: row.revoked_at ?? null,
          })),
          passwordHash: passwordHash(kernel.store),
        };
      },

      card: () => cardView(),

      async rotateKeys(input, call) {
        const rotated = await rotateKeys(kernel, keys, ownCard(), input.note, call);
        kernel.changes.publish("station", "transfer");
        return {
          ...cardView(),
          replaced: rotated.replaced,
          masterVersion: rotated.masterVersion,
          logKey: kernel.keyring.logVerifierKey(),
          witnessKey: kernel.keyring.witnessVerifierKey(),
          handover: handover(),
          peers: trustedPeers(kernel.store),
          exposed: [...exposedAfterRotation],
        };
      },

      revokeKey: (input, call) => revokeKey(kernel, keys, transfer, input, call),

      async identity(input, call) {
        session.confirm(input.ownPassphrase, call);
        const identities = kernel.keyring.ageIdentities();
        const [newest] = identities;
        if (newest === undefined) throw new Error("a founded station has an age identity");
        // The replaced ones as well, a line each: what was sealed before a rotation opens with them alone.
        const lines = identities.map(({ identity }) => `${identity}\n`).join("");
        const sealed = await sealAgeWithPassphrase(Buffer.from(lines, "utf8"), input.passphrase);
        call.commit((event) =>
          event({
            action: "station.identity-handed-out",
            object: kernel.identity().id,
            details: { recipient: newest.recipient },
          }),
        );
        return { identity: armorAge(sealed), recipient: newest.recipient };
      },
    },
  };
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
