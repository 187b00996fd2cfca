import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";
import { batchReasons, batchStates, lineReasons } from "./reasons.ts";

/** How the bytes on a medium were read back (batch-format.md, What writers keep). */
export const readBack = z.enum(["remounted", "direct", "none"]);

const written = z.strictObject({
  batch: field.batchId.nullable(),
  sequence: field.sequence.nullable(),
  /** Bag names on the medium. */
  volumes: z.array(z.string()),
  records: field.count,
  bytes: field.count,
  readBack: readBack.nullable(),
});

const bag = z.strictObject({
  /** Name of the bag's directory, or `sallyport` where no bag could be told apart. */
  bag: z.string(),
  batch: z.string().nullable(),
  sequence: field.sequence.nullable(),
  /** SHA-256 of batch.json, the identity of the batch; null where it was not signed, or not read. */
  sha256: field.sha256.nullable(),
  state: z.enum(batchStates),
  /** Null for imported and verified; a word of the closed list or the state's own word otherwise. */
  reason: z.enum([...batchReasons, ...batchStates]).nullable(),
  /** Whether the number of the batch is used up. */
  used: z.boolean(),
  imported: field.count,
  duplicate: field.count,
  quarantined: field.count,
});

/** For people: what a bag's state means here, in whole sentences. */
const told = bag.extend({
  peer: field.stationName.nullable(),
  sentence: z.string(),
  remedy: z.string(),
  /** Where in the bag, if the fault has a place. */
  detail: z.string(),
  records: field.count.nullable(),
  bytes: field.count.nullable(),
  createdAt: field.instant.nullable(),
  missing: z.array(z.string()),
});

const ledgerState = z.enum([
  "sealed",
  "copied",
  "verified",
  "imported",
  "refused",
  "voided",
  "held",
  "skipped",
]);

const ledgerRow = z.strictObject({
  peer: field.stationName,
  direction: field.direction,
  sequence: field.sequence,
  /** Null for a number that was skipped or voided unseen. */
  batch: field.batchId.nullable(),
  sha256: field.sha256.nullable(),
  state: ledgerState,
});

const ledgerEntry = ledgerRow.extend({
  own: z.boolean(),
  reason: z.enum(batchReasons).nullable(),
  records: field.count,
  bytes: field.count,
  imported: field.count,
  duplicate: field.count,
  quarantined: field.count,
  readBack: readBack.nullable(),
  medium: z.string().nullable(),
  createdAt: field.instant,
  copiedAt: field.instant.nullable(),
  settledAt: field.instant.nullable(),
});

const step = z.strictObject({
  name: z.enum([
    "seal",
    "copy",
    "flush",
    "read-back",
    "eject",
    "check",
    "decrypt",
    "validate",
    "approve",
    "import",
  ]),
  state: z.enum(["waiting", "running", "done", "proved", "failed", "skipped"]),
  doneBytes: field.count,
  totalBytes: field.count,
  doneRecords: field.count,
  startedAt: field.instant.nullable(),
  endedAt: field.instant.nullable(),
  note: z.string(),
});

const jobPart = z.strictObject({
  name: z.string(),
  bytes: field.count,
  sha256: field.sha256,
  state: z.enum(["waiting", "copying", "synced", "read-back", "checked", "missing", "damaged"]),
});

/** A snapshot of one export, import or backup, for the gate and the foot. It outlives the page that started it. */
export const job = z.strictObject({
  job: z.string(),
  kind: z.enum(["export", "import", "inspect", "backup", "check"]),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  peer: field.stationName.nullable(),
  batch: z.string().nullable(),
  sequence: field.sequence.nullable(),
  medium: z.string(),
  operator: z.string(),
  startedAt: field.instant,
  endedAt: field.instant.nullable(),
  steps: z.array(step),
  parts: z.array(jobPart),
  records: field.count,
  bytes: field.count,
  readBack: readBack.nullable(),
  /** The last plain sentence: what is true now. */
  sentence: z.string(),
  remedy: z.string(),
  /** `proved` only after a read-back that re-read the names, or an import. */
  verdict: z.enum(["none", "proved", "done", "warn", "bad"]),
});

/** An envelope as evidence: in our ledger, or kept beside it. */
const evidence = z.strictObject({
  batch: field.batchId,
  sha256: field.sha256,
  sequence: field.sequence,
  lineage: z.string(),
  key: field.fingerprint,
  previous: field.sha256.nullable(),
  createdAt: field.instant,
  parts: field.count,
  bytes: field.count,
  /** Its bag's name, where it was kept as evidence. */
  bag: z.string().nullable(),
  state: z.enum([
    "importing",
    "verified",
    "held",
    "imported",
    "refused",
    "voided",
    "skipped",
    "kept",
    "sealed",
    "copied",
  ]),
  /** When it was settled, or first seen. */
  at: field.instant.nullable(),
  /** batch.json, exactly; and what signs it, where it was kept. */
  text: z.string(),
  tagmanifest: z.string().nullable(),
  signature: z.string().nullable(),
});

/** What stays an alarm until people have settled it. */
const alarm = z.strictObject({
  kind: z.enum(["fork", "lineage", "refused", "missing-receipt"]),
  peer: field.stationName,
  since: field.instant,
  sequence: field.sequence.nullable(),
  reason: z.enum(batchReasons).nullable(),
  detail: z.string(),
  /**
   * Of a fork the one that the ledger holds comes first. Of a missing receipt ours comes first, then the batch of the
   * peer in which it says that it is done with ours.
   */
  envelopes: z.array(evidence),
});

const bagsOutput = z.strictObject({ bags: z.array(bag) });

export const transfer = {
  export: operation({
    permission: "transfer.export",
    reach: { input: { peer: "to" } },
    effect: "change",
    summary: "Finish what is sealed, seal what waits, and write it onto a medium",
  })
    .input(z.strictObject({ to: field.stationName, medium: field.folder }))
    .output(written.extend({ again: z.array(written) })),
  inspect: operation({
    permission: "transfer.read",
    // Its bags say of which peers they are: the service asks for each (main/areas/transfer/within-reach.ts).
    reach: "none",
    effect: "read",
    summary: "Check shape, signature and ledger of what a medium carries; records nothing",
  })
    .input(z.strictObject({ medium: field.folder }))
    .output(bagsOutput),
  explain: operation({
    permission: "transfer.read",
    reach: { rows: { bags: { peer: "peer" } } },
    effect: "read",
    summary: "Inspect a medium and say in sentences what each bag is and what to do",
  })
    .input(z.strictObject({ medium: field.folder }))
    .output(z.strictObject({ bags: z.array(told), ignored: z.array(z.string()) })),
  import: operation({
    permission: "transfer.import",
    // Its bags say of which peers they are: the service asks for each (main/areas/transfer/within-reach.ts).
    reach: "none",
    effect: "change",
    summary: "Check and import every bag on a medium that is for this station",
  })
    .input(
      z.strictObject({
        medium: field.folder,
        /** Bags as `inspect` showed them: if any differs, is gone or new, nothing is imported. */
        expect: z
          .array(z.strictObject({ bag: z.string().max(255), sha256: field.sha256.nullable() }))
          .max(1000)
          .optional(),
      }),
    )
    .output(bagsOutput),
  ledger: operation({
    permission: "transfer.read",
    reach: { rows: { batches: { peer: "peer" } } },
    effect: "read",
    summary: "List batches and where each is in its life",
  })
    .input(z.strictObject({ peer: field.stationName.optional() }))
    .output(z.strictObject({ batches: z.array(ledgerRow) })),
  history: operation({
    permission: "transfer.read",
    reach: { rows: { batches: { peer: "peer" } } },
    effect: "read",
    summary: "List batches with counts, medium and times, newest first",
  })
    .input(z.strictObject({ limit: field.limit, after: field.cursor, peer: field.stationName.optional() }))
    .output(z.strictObject({ batches: z.array(ledgerEntry), next: field.next })),
  outbox: operation({
    permission: "transfer.read",
    reach: { rows: { peers: { peer: "peer" } } },
    effect: "read",
    summary: "Count what waits to be sealed for each peer and list what is sealed and not yet imported",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        peers: z.array(
          z.strictObject({
            peer: field.stationName,
            requests: field.count,
            responses: field.count,
            receipts: field.count,
            sealed: z.array(ledgerEntry),
            /** Numbers the peer's batches lack between what we hold and what we have seen. */
            missing: z.array(field.sequence),
          }),
        ),
      }),
    ),
  quarantine: operation({
    permission: "transfer.read",
    reach: { rows: { lines: { peer: "peer" } } },
    effect: "read",
    summary: "List refused lines and why",
  })
    .input(z.strictObject({ limit: field.limit, after: field.cursor }))
    .output(
      z.strictObject({
        lines: z.array(
          z.strictObject({
            batch: field.batchId,
            peer: field.stationName,
            part: z.string(),
            line: field.sequence,
            reason: z.enum(lineReasons),
          }),
        ),
        next: field.next,
      }),
    ),
  quarantined: operation({
    permission: "transfer.read",
    reach: "looked-up",
    effect: "read",
    summary: "Show the kept bytes of one refused line",
  })
    .input(z.strictObject({ batch: field.batchId, part: z.string().max(64), line: field.sequence }))
    .output(
      z.strictObject({
        reason: z.enum(lineReasons),
        sentence: z.string(),
        remedy: z.string(),
        bytes: field.count,
        /** The first 64 KiB, decoded leniently for looking at. */
        text: z.string(),
        sha256: field.sha256,
        recordType: z.string().nullable(),
        recordId: z.string().nullable(),
      }),
    ),
  alarms: operation({
    permission: "transfer.read",
    reach: { rows: { alarms: { peer: "peer" } } },
    effect: "read",
    summary:
      "List what a peer signed twice, after a restore, or not at all, with the envelopes as they were kept",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ alarms: z.array(alarm) })),
  jobs: operation({
    permission: "transfer.read",
    reach: { rows: { jobs: { peer: "peer" } } },
    effect: "read",
    summary: "List running and finished exports and imports",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ jobs: z.array(job) })),
  /** Needs, beyond this, the permission of what the job does: whoever may begin a thing may stop it. */
  cancel: operation({
    permission: "transfer.read",
    reach: "none",
    effect: "change",
    summary: "Stop an export or import at its next safe point; it can be resumed",
  })
    .input(z.strictObject({ job: z.string().max(64) }))
    .output(z.strictObject({})),
  skip: operation({
    permission: "transfer.override",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Give up a number of a peer that will never come",
  })
    .input(
      z.strictObject({ peer: field.stationName, sequence: field.sequence, note: z.string().min(1).max(500) }),
    )
    .output(z.strictObject({ next: field.sequence })),
  settleFork: operation({
    permission: "transfer.override",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary:
      "Settle a fork after both operators have looked: what the ledger holds stands, the evidence stays",
  })
    .input(
      z.strictObject({
        peer: field.stationName,
        /** Of the other batch.json, the one that was not taken. */
        sha256: field.sha256,
        note: z.string().min(1).max(500),
      }),
    )
    .output(z.strictObject({})),
  giveUp: operation({
    permission: "transfer.override",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Give up a sealed batch that will never be sent; its records are sealed again",
  })
    .input(
      z.strictObject({
        peer: field.stationName,
        sequence: field.sequence,
        /** The id of that batch, typed by a person. */
        confirm: z.string().max(64),
        note: z.string().min(1).max(500),
      }),
    )
    .output(z.strictObject({ batch: field.batchId, records: field.count })),
};

export const media = {
  list: operation({
    permission: "transfer.read",
    reach: "none",
    effect: "read",
    summary: "List mounted removable media and how well each can be read back",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        media: z.array(
          z.strictObject({
            path: z.string(),
            label: z.string(),
            fileSystem: z.string(),
            device: z.string(),
            sizeBytes: field.count,
            freeBytes: field.count,
            readOnly: z.boolean(),
            /** The best read-back this medium allows. */
            readBack,
          }),
        ),
      }),
    ),
  look: operation({
    permission: "transfer.read",
    reach: "none",
    effect: "read",
    summary: "Say what a folder is as a medium: its file system, its space, its read-back",
  })
    .input(z.strictObject({ medium: field.folder }))
    .output(
      z.strictObject({
        path: z.string(),
        exists: z.boolean(),
        fileSystem: z.string(),
        freeBytes: field.count,
        readBack,
        sentence: z.string(),
      }),
    ),
};
