import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";
import { shareTexts } from "./recovery.ts";

const lineage = z.string().regex(/^[0-9a-f]{16}$/, "16 hex digits");
const log = { events: field.count, root: field.sha256 };

const backup = z.strictObject({
  folder: z.string(),
  madeBy: z.string(),
  madeAt: field.instant,
  /** When it was last opened whole and compared. */
  checkedAt: field.instant.nullable(),
  ...log,
  bytes: field.count,
  parts: field.count,
  manifestSha256: field.sha256,
  /** It lies on the disk of the station itself, and is lost with it. */
  sameDisk: z.boolean(),
  /** Its folder is there now; a medium may be elsewhere. */
  here: z.boolean(),
});

/** What an old copy brought back. */
const item = z.strictObject({
  kind: z.enum(["operator", "peer"]),
  name: z.string(),
  /** Its state in the backup. */
  was: z.string(),
  detail: z.string(),
  decision: z.enum(["kept", "taken"]).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: field.instant.nullable(),
});

const review = z.strictObject({
  restore: z
    .strictObject({
      manifestSha256: field.sha256,
      backupAt: field.instant,
      restoredBy: z.string(),
      restoredAt: field.instant,
      abandoned: z.strictObject({ lineage, ...log }),
      lineage,
      /** How far the abandoned log is known to have gone; more than `abandoned.events` says that some is lost. */
      knownEvents: field.count,
      knownFrom: z.string(),
      reviewedBy: z.string().nullable(),
      reviewedAt: field.instant.nullable(),
    })
    .nullable(),
  items: z.array(item),
});

/** Operations of the area `station` about backups and restores. */
export const backups = {
  backup: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    summary: "Back the station up onto a medium, encrypted, and open what was written to prove it",
  })
    .input(z.strictObject({ out: field.folder }))
    .output(
      z.strictObject({
        folder: z.string(),
        manifestSha256: field.sha256,
        madeAt: field.instant,
        bytes: field.count,
        parts: field.count,
        files: field.count,
        ...log,
        sameDisk: z.boolean(),
        sentence: z.string(),
      }),
    ),
  backups: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "List the backups that this station made, newest first",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ backups: z.array(backup) })),
  checkBackup: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    secretInput: ["passphrase"],
    summary: "Open a backup whole and compare everything in it, without restoring",
  })
    .input(
      z.strictObject({
        from: field.folder,
        /** For a backup of another station: an operator who was in it when it was made, with the passphrase of then. */
        operator: field.operatorName.optional(),
        passphrase: field.passphrase.optional(),
      }),
    )
    .output(
      z.strictObject({
        folder: z.string(),
        station: field.stationId,
        name: field.stationName,
        side: field.side,
        lineage,
        own: z.boolean(),
        madeAt: field.instant,
        checkedAt: field.instant,
        manifestSha256: field.sha256,
        ...log,
        bytes: field.count,
        parts: field.count,
        files: field.count,
        /** Whose passphrases of then open it. */
        openedBy: z.array(z.string()),
        /** Those of them who are no operators here any more. */
        noLonger: z.array(z.string()),
      }),
    ),
  restore: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    secretInput: ["passphrase", "shares"],
    summary:
      "Make an empty directory the station of a backup, with a new lineage, closed until it was reviewed",
  })
    .input(
      z.strictObject({
        from: field.folder,
        /** An administrator in the backup, with the passphrase of then. */
        operator: field.operatorName,
        passphrase: field.passphrase.optional(),
        /** In its place: shares of the recovery set that was in force then. The same shares then give a passphrase. */
        shares: shareTexts.optional(),
        /** The file audit/head of the lost station, if it could be saved. */
        head: field.folder.optional(),
      }),
    )
    .output(
      z.strictObject({
        station: field.stationId,
        name: field.stationName,
        side: field.side,
        people: field.people,
        directory: z.string(),
        lineage,
        abandoned: z.strictObject({ lineage, ...log }),
        knownEvents: field.count,
        knownFrom: z.string(),
        backupAt: field.instant,
        manifestSha256: field.sha256,
        batchesGivenUp: field.count,
        /** Of its signing key: compare it with what the peer has. */
        fingerprint: field.fingerprint,
      }),
    ),
  review: operation({
    permission: "station.read",
    reach: "whole",
    effect: "read",
    summary: "Show what the last restore brought back, and what people said of it",
  })
    .input(z.strictObject({}))
    .output(review),
  reviewItem: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    summary: "Confirm an operator or peer that a restore brought back, or take it away",
  })
    .input(
      z.strictObject({
        kind: z.enum(["operator", "peer"]),
        name: z.string().min(1).max(64),
        decision: z.enum(["keep", "take"]),
        note: z.string().max(500).default(""),
      }),
    )
    .output(review),
  finishReview: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Finish the review after a restore: export and import open again",
  })
    .input(z.strictObject({}))
    .output(review),
};
