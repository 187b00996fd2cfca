import * as z from "zod";
import { operation } from "./access.ts";
import { backups } from "./backups.ts";
import * as field from "./fields.ts";

const card = z.strictObject({
  /** The whole card file: one JSON line, then its signature. */
  card: z.string(),
  phrase: z.string(),
  fingerprint: field.fingerprint,
  ageRecipient: z.string(),
  serial: field.sequence,
});

const founded = z.strictObject({
  station: field.stationId,
  name: field.stationName,
  side: field.side,
  people: field.people,
  lineage: z.string(),
  directory: z.string(),
  createdAt: field.instant,
  fingerprint: field.fingerprint,
  ageRecipient: z.string(),
});

/** How full the disk below the station is, and what that stops. */
export const diskStanding = z.strictObject({
  level: z.enum(["ok", "warn", "stop", "read-only"]),
  freeBytes: field.count,
  totalBytes: field.count,
  /** Below these the levels begin. */
  warnBytes: field.count,
  stopBytes: field.count,
  readOnlyBytes: field.count,
});

export const station = {
  ...backups,
  init: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "Found a station in an empty directory: its keys, its first operator, its log",
  })
    .input(
      z.strictObject({
        name: field.stationName,
        side: field.side,
        people: field.people.default("one"),
        operator: field.operatorName,
        passphrase: field.newPassphrase,
      }),
    )
    .output(founded),
  show: operation({
    permission: "public",
    reach: "none",
    effect: "read",
    summary: "Show the station's identity, its storage and what is encrypted on this disk",
  })
    .input(z.strictObject({}))
    .output(
      founded.extend({
        version: z.string(),
        /** SHA-256 over the program's own files; null where it runs from sources. */
        program: field.sha256.nullable(),
        schemaVersion: field.count,
        sqliteVersion: z.string(),
        synchronous: z.literal("FULL"),
        databaseBytes: field.count,
        spoolBytes: field.count,
        freeBytes: field.count,
        disk: diskStanding,
        audit: z.strictObject({ events: field.count, root: field.sha256 }),
        peers: z.strictObject({ pending: field.count, trusted: field.count, revoked: field.count }),
        /** What the system says about the disk below the station; null when it cannot be told. */
        diskEncrypted: z.boolean().nullable(),
        atRest: z.strictObject({ encrypted: z.array(z.string()), clear: z.array(z.string()) }),
        holder: z.strictObject({ shell: z.string(), pid: field.count, since: field.instant }),
        keys: z.array(
          z.strictObject({
            purpose: z.enum(["signing", "age", "log", "witness", "vault", "backup"]),
            version: field.sequence,
            public: z.string().nullable(),
            createdAt: field.instant,
            /** Of a signing key, as it is named when it is revoked. */
            fingerprint: field.fingerprint.nullable(),
            /** Since when a newer version is in force; this one verifies and opens what is older. */
            retiredAt: field.instant.nullable(),
            /** Since when it counts no more: whoever holds it can sign nothing that is taken. */
            revokedAt: field.instant.nullable(),
          }),
        ),
        passwordHash: z.strictObject({ memoryKiB: field.count, passes: field.count }),
      }),
    ),
  card: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Hand out this station's card, and the phrase to read aloud",
  })
    .input(z.strictObject({}))
    .output(card),
  rotateKeys: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Make new signing, age, log, witness and backup keys, and a new card that peers must take in",
  })
    .input(z.strictObject({ note: z.string().min(1).max(200) }))
    .output(
      card.extend({
        replaced: field.fingerprint,
        masterVersion: field.sequence,
        logKey: z.string(),
        witnessKey: z.string(),
        /** A checkpoint that both log keys have signed, for whoever holds the old one; null where none could be made. */
        handover: z.string().nullable(),
        /** Peers that must take the new card before they take a batch again. */
        peers: z.array(field.stationName),
        /** What new keys can't take back. */
        exposed: z.array(z.string()),
      }),
    ),
  revokeKey: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Revoke an earlier signing key that may be in other hands: the next batch tells each peer",
  })
    .input(z.strictObject({ fingerprint: field.fingerprint, note: z.string().min(1).max(200) }))
    .output(
      z.strictObject({
        fingerprint: field.fingerprint,
        /** Sealed under it and never copied: their records wait again. */
        batchesGivenUp: field.count,
        receiptsSignedAgain: field.count,
      }),
    ),
  identity: operation({
    permission: "keys.export",
    reach: "whole",
    effect: "reveal",
    stepUp: true,
    twoPersons: true,
    secretInput: ["passphrase", "ownPassphrase"],
    summary: "Hand out this station's age identity, encrypted under a passphrase, for stock tools",
  })
    .input(z.strictObject({ passphrase: field.newPassphrase, ownPassphrase: field.passphrase }))
    .output(z.strictObject({ identity: z.string(), recipient: z.string() })),
};
