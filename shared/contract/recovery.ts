import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

/** 2 to 15 people can each keep one; up to 8 of them must come. */
export const recoveryBounds = { threshold: { least: 2, most: 8 }, shares: { least: 2, most: 15 } } as const;

/** Paper gets lost within a quarter of a year: so old a proof is a need on Watch (research, audit-ops 5). */
export const drillDays = 90;

const setId = z.string().regex(/^[0-9a-f]{32}$/, "a recovery set's id, 32 hex digits");
const place = z.number().int().min(1).max(recoveryBounds.shares.most);
const places = z.array(place);

const set = z.strictObject({
  /** The first set is 1; each new one counts on. */
  number: field.sequence,
  id: setId,
  threshold: field.count,
  shares: field.count,
  madeAt: field.instant,
  madeBy: field.operatorName,
});

/** One printed share, as lines of letters, or as the code on the sheet gives it. Longer than any share. */
const shareText = z.string().min(1).max(4096);
export const shareTexts = z.array(shareText).min(1).max(recoveryBounds.shares.most);

const shown = z.strictObject({
  /** The set in force; null where there is none, or it was used up. */
  set: set
    .extend({
      inForceAt: field.instant,
      lastDrill: z
        .strictObject({ at: field.instant, operator: field.operatorName, shares: places })
        .nullable(),
      /** When a drill is due: 90 days after the last one, or after the set came into force. */
      drillDueAt: field.instant,
      drillDue: z.boolean(),
    })
    .nullable(),
  /** Made, and not in force until a line of every share is typed back. */
  offered: set.extend({ asks: z.array(z.strictObject({ share: place, line: z.number().int() })) }).nullable(),
  /** The last time that shares opened the station for real. */
  opening: z
    .strictObject({
      at: field.instant,
      operator: field.operatorName,
      second: field.operatorName.nullable(),
      set: field.sequence,
      shares: places,
      reviewedAt: field.instant.nullable(),
      reviewedBy: field.operatorName.nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
  /** Earlier sets, newest first: their shares open nothing. */
  ended: z.array(
    z.strictObject({
      number: field.sequence,
      id: setId,
      madeAt: field.instant,
      endedAt: field.instant,
      why: z.enum(["replaced", "used", "dropped"]),
    }),
  ),
});

export const recovery = {
  show: operation({
    permission: "people.read",
    reach: "whole",
    effect: "read",
    summary: "Show the recovery set in force, its last drill, and whether shares have opened the station",
  })
    .input(z.strictObject({}))
    .output(shown),
  create: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "reveal",
    stepUp: true,
    twoPersons: true,
    secretInput: ["passphrase"],
    summary: "Make a new recovery set: its shares are shown once, to be printed and handed out",
  })
    .input(
      z.strictObject({
        threshold: z
          .number()
          .int()
          .min(recoveryBounds.threshold.least)
          .max(recoveryBounds.threshold.most)
          .default(2),
        shares: z.number().int().min(recoveryBounds.shares.least).max(recoveryBounds.shares.most).default(3),
        /** The caller's own, once more. */
        passphrase: field.passphrase,
      }),
    )
    .output(
      z.strictObject({
        set,
        station: z.strictObject({ station: field.stationId, name: field.stationName, side: field.side }),
        shares: z.array(
          z.strictObject({
            share: place,
            /** As printed, in groups; the last two letters of each line are its check. */
            lines: z.array(z.string()),
            /** The line that whoever keeps this share types back. */
            ask: z.number().int(),
          }),
        ),
      }),
    ),
  confirm: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    summary: "Put the new recovery set in force, when one line of each share was typed back from paper",
  })
    .input(
      z.strictObject({
        set: setId,
        lines: z
          .array(z.strictObject({ share: place, line: z.string().min(1).max(128) }))
          .max(recoveryBounds.shares.most),
      }),
    )
    .output(shown),
  drill: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    secretInput: ["shares", "passphrase"],
    summary: "Prove that these shares and one's own passphrase still open the station, and reveal nothing",
  })
    .input(z.strictObject({ shares: shareTexts, passphrase: field.passphrase }))
    .output(
      z.strictObject({
        at: field.instant,
        set: field.sequence,
        shares: places,
        operator: field.operatorName,
      }),
    ),
  open: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    secretInput: ["shares", "passphrase", "secondPassphrase"],
    summary: "Open a closed station with recovery shares: gives an administrator a new passphrase",
  })
    .input(
      z.strictObject({
        shares: shareTexts,
        /** An administrator, or a new name, who becomes one. */
        operator: field.operatorName,
        passphrase: field.newPassphrase,
        /** Another who may agree and has lost the passphrase too: in a station for two, one alone could not go on. */
        second: field.operatorName.optional(),
        secondPassphrase: field.newPassphrase.optional(),
      }),
    )
    .output(
      z.strictObject({
        operator: field.operatorName,
        second: field.operatorName.nullable(),
        /** True when the operator was not there before. */
        made: z.boolean(),
        set: field.sequence,
        masterVersion: field.sequence,
      }),
    ),
  review: operation({
    permission: "approvals.decide",
    reach: "whole",
    effect: "change",
    summary: "Say that the opening by recovery shares was looked at: takes the banner away",
  })
    .input(z.strictObject({ note: z.string().min(1).max(500) }))
    .output(shown),
};
