import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

const operator = z.strictObject({ name: field.operatorName, roles: z.array(z.string()) });

const factorCode = z.string().min(1).max(64);

/** 32 bytes that say which session a window had. */
const token = z.string().regex(/^[0-9a-f]{64}$/);

const profile = z.enum(["nist", "stig"]);

/** One window, page or command line in which somebody is signed in. */
const open = z.strictObject({
  session: z.string(),
  operator: field.operatorName,
  /** `open`, or `away`: its window is closed or its process ended, and its operator's passphrase opens it again. */
  state: z.enum(["open", "away"]),
  /** `window`, `page`, `command line`. */
  face: z.string(),
  /** What it is opened on, in its own words. */
  device: z.string(),
  startedAt: field.instant,
  usedAt: field.instant,
  endsAt: field.instant,
  own: z.boolean(),
});

const state = z.strictObject({
  /** `empty`: no station has been founded in this directory yet. */
  phase: z.enum(["empty", "locked", "open"]),
  station: z
    .strictObject({
      name: field.stationName,
      side: field.side,
      people: field.people,
      station: field.stationId,
    })
    .nullable(),
  directory: z.string(),
  operator: operator.nullable(),
  /** Names of the operators that may sign in, for the sign-in page. */
  operators: z.array(field.operatorName),
  /** Seconds to wait before the next passphrase is looked at; 0 when none. */
  waitSeconds: field.count,
  failures: field.count,
  /** Recovery shares opened this station, and nobody has reviewed it yet. */
  recovered: z.strictObject({ operator: field.operatorName, at: field.instant }).nullable(),
  version: z.string(),
});

export const session = {
  state: operation({
    permission: "public",
    reach: "none",
    effect: "read",
    summary: "Say whether the station is founded, locked or open, and for whom",
  })
    .input(z.strictObject({}))
    .output(state),
  signIn: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "Open a session with an operator's passphrase",
  })
    .input(
      z.strictObject({
        operator: field.operatorName.optional(),
        passphrase: field.passphrase,
        /** Of the second factor, or a recovery code; needed once the operator has enrolled one. */
        code: factorCode.optional(),
        /** What this is, for the list of sessions: `Chrome on Linux`. */
        device: z.string().max(80).default(""),
        /** Keeps the session beyond this connection and process, within its limits. */
        keep: z.boolean().default(false),
        /** Of the session that this goes on with: then the passphrase suffices. One that ended is no fault. */
        resume: token.optional(),
      }),
    )
    .output(
      z.strictObject({
        operator,
        /** Goes on with this session later; null where it is not kept. It opens nothing without the passphrase. */
        resume: token.nullable(),
        resumed: z.boolean(),
        previousSignInAt: field.instant.nullable(),
        failuresSince: field.count,
      }),
    ),
  signOut: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "End this session and lock its window",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({})),
  lock: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "End every session of one's own in a window or a page, so that each of them hides what it shows",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ ended: field.count })),
  list: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "List the open sessions: one's own, and everybody's for an administrator",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ sessions: z.array(open), profile })),
  end: operation({
    permission: "station.read",
    reach: "none",
    effect: "change",
    summary: "End one session: one's own, or anybody's as an administrator",
  })
    .input(z.strictObject({ session: z.string().max(64) }))
    .output(z.strictObject({ ended: field.count })),
  endOthers: operation({
    permission: "station.read",
    reach: "none",
    effect: "change",
    summary: "End every other session of one's own",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ ended: field.count })),
  stillHere: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Say that a person is at this window, so that its session does not end by idling",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ endsAt: field.instant })),
  stepUp: operation({
    permission: "station.read",
    reach: "none",
    effect: "change",
    summary: "Give one's passphrase, and a code where one has a device, again before a sensitive step",
  })
    .input(z.strictObject({ passphrase: field.passphrase, code: factorCode.optional() }))
    .output(z.strictObject({ untilAt: field.instant })),
  changePassphrase: operation({
    permission: "station.read",
    reach: "none",
    effect: "change",
    summary: "Choose another passphrase of one's own; every other session of one's own ends",
  })
    .input(
      z.strictObject({
        passphrase: field.passphrase,
        newPassphrase: field.newPassphrase,
        code: factorCode.optional(),
      }),
    )
    .output(z.strictObject({ ended: field.count })),
  offerFactor: operation({
    permission: "station.read",
    reach: "none",
    effect: "reveal",
    summary: "Begin to enrol a second factor: shows the secret for a device, once",
  })
    .input(z.strictObject({ passphrase: field.passphrase }))
    .output(z.strictObject({ secret: z.string(), url: z.string(), stationTime: field.instant })),
  confirmFactor: operation({
    permission: "station.read",
    reach: "none",
    effect: "reveal",
    summary: "Finish enrolling with a code of the device: shows ten recovery codes, once",
  })
    .input(z.strictObject({ passphrase: field.passphrase, code: factorCode }))
    .output(z.strictObject({ recoveryCodes: z.array(z.string()), driftSeconds: z.number().int() })),
  recoveryCodes: operation({
    permission: "station.read",
    reach: "none",
    effect: "reveal",
    summary: "Make ten new recovery codes; the old ones are worth nothing from then on",
  })
    .input(z.strictObject({ passphrase: field.passphrase, code: factorCode }))
    .output(z.strictObject({ recoveryCodes: z.array(z.string()) })),
  factor: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Say whether one's own second factor is enrolled, and what is left of its recovery codes",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        enrolled: z.boolean(),
        recoveryCodesLeft: field.count,
        driftSeconds: z.number().int(),
        stationTime: field.instant,
      }),
    ),
  resetFactor: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Take an operator's second factor away, because the device and its recovery codes are lost",
  })
    .input(z.strictObject({ operator: field.operatorName }))
    .output(z.strictObject({})),
  profile: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Choose the limits of sessions and of wrong passphrases: nist or stig",
  })
    .input(z.strictObject({ profile }))
    .output(z.strictObject({ profile })),
  entryRefused: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "Write into the log that a shell turned somebody away before they reached the station",
  })
    .input(z.strictObject({ reason: z.string().min(1).max(200), count: field.count }))
    .output(z.strictObject({})),
};
