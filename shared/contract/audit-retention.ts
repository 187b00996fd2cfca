import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

/** A signed note (C2SP signed-note) of Sallyport's own text; docs/audit.md has its lines. */
const note = z.string();

/**
 * `sealed`: closed by a signed note. `exported`: an encrypted copy was written and read back. `expired`: that, and kept long
 * enough. `held`: a legal hold lies on it. `purging` and `purged`: the bytes go or are gone, the tree stays.
 */
const segmentState = z.enum(["sealed", "exported", "expired", "held", "purging", "purged"]);

const segment = z.strictObject({
  segment: field.sequence,
  from: field.sequence,
  to: field.sequence,
  fromAt: field.instant,
  toAt: field.instant,
  state: segmentState,
  sealedAt: field.instant,
  exportedAt: field.instant.nullable(),
  exportedTo: z.string().nullable(),
  /** From when on it may be purged, if nothing holds it. */
  expiresAt: field.instant,
  purgedAt: field.instant.nullable(),
  note,
  /** What stays signed instead of the events. */
  stub: note.nullable(),
});

const hold = z.strictObject({
  hold: field.sequence,
  from: field.sequence,
  /** Null: and all that follows. */
  to: field.sequence.nullable(),
  reason: z.string(),
  setAt: field.instant,
  setBy: z.string(),
});

const reason = z.string().min(1).max(500);

/** Retention by sealed segments. */
export const auditRetention = {
  segments: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "List the sealed segments of the log, what holds them, and when each may be purged",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        events: field.count,
        sealedThrough: field.count,
        purgedThrough: field.count,
        retentionDays: field.count,
        /** What no setting goes below. */
        floorDays: field.count,
        /** Events that say a time which is still to come: written while the clock was ahead. */
        ahead: field.count,
        /** Why nothing may be purged now because of the clock; null when it is as it should be. */
        clock: z.string().nullable(),
        segments: z.array(segment),
        holds: z.array(hold),
      }),
    ),
  seal: operation({
    permission: "audit.verify",
    reach: "whole",
    effect: "change",
    summary: "Close the oldest events that no segment holds yet, in whole blocks of 256, by a signed note",
  })
    .input(
      z.strictObject({
        /** Up to this event; all whole blocks when it is left out. */
        through: field.sequence.optional(),
      }),
    )
    .output(z.strictObject({ segments: z.array(field.sequence), from: field.sequence, to: field.sequence })),
  exportSegment: operation({
    permission: "audit.verify",
    reach: "whole",
    effect: "change",
    summary: "Write a sealed segment, encrypted to this station, into a folder and read it back",
  })
    .input(z.strictObject({ segment: field.sequence, folder: field.folder }))
    .output(z.strictObject({ files: z.array(z.string()), events: field.count })),
  verifySegment: operation({
    permission: "audit.read",
    reach: "whole",
    effect: "read",
    summary: "Open an exported segment, recompute it to its signed note, and find events in it",
  })
    .input(
      z.strictObject({
        /** The whole path of the encrypted file; its note lies beside it. */
        file: field.folder,
        query: z.string().max(1000).default(""),
        limit: field.limit,
      }),
    )
    .output(
      z.strictObject({
        origin: z.string(),
        from: field.sequence,
        to: field.sequence,
        sha256: field.sha256,
        /** Whether the tree of this station's log has exactly these events in this place. */
        ours: z.boolean(),
        found: field.count,
        /** The stored bytes of what the query finds, oldest first. */
        leaves: z.array(z.string()),
      }),
    ),
  hold: operation({
    permission: "audit.verify",
    reach: "whole",
    effect: "change",
    summary: "Set a legal hold on events by their numbers: they are not purged while it stands",
  })
    .input(z.strictObject({ from: field.sequence, to: field.sequence.optional(), reason }))
    .output(z.strictObject({ hold: field.sequence })),
  liftHold: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Lift a legal hold",
  })
    .input(z.strictObject({ hold: field.sequence, note: reason }))
    .output(z.strictObject({})),
  purge: operation({
    permission: "station.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary:
      "Remove the events of the oldest segment that is exported, expired and not held; a signed stub and every proof stay",
  })
    .input(
      z.strictObject({
        segment: field.sequence,
        /** Typed by a person: the numbers that go, such as 1-512. */
        confirm: z.string().max(64),
      }),
    )
    .output(z.strictObject({ events: field.count, stub: note })),
};
