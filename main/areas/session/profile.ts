import { waitAfter } from "./wait.ts";

/** How long sessions live and how often one may be wrong. */
export interface Profile {
  /** Without a sign of a person, a session ends after so long. */
  readonly idleMs: (administrator: boolean) => number;
  /** However busy, it ends after so long. */
  readonly absoluteMs: number;
  /** A sensitive step needs a passphrase, and code, that was given within so long. */
  readonly stepUpMs: number;
  /** So many wrong passphrases in a row disable the operator until an administrator enables them. */
  readonly lockAfter: number;
  /** Who has not signed in for so many days is disabled; null: nobody is for that. */
  readonly inactiveDays: number | null;
  readonly waitAfter: (failures: number) => number;
  /** A shift lasts no longer without two people signing for the log; null where nobody asks for that. */
  readonly shiftHours: number | null;
}

const minute = 60_000;
const hour = 60 * minute;

export const profileNames = ["nist", "stig"] as const;

/**
 * `nist`: SP 800-63B-4, AAL2: idle at most an hour, a day overall, 100 failures. `stig`: Application Security and
 * Development STIG V6R4: 3 failures, idle 15 minutes, an administrator 10; it gives no overall limit, so NIST's
 * stricter one (AAL3, 12 hours). SP 800-63B asks for no end by disuse; the STIG disables after 35 days (AC-2(3)). No source gives a number for step-up (ASVS 5.0 7.5.3 asks for it): 15 minutes is the idle
 * time of AAL3, after which a session is nobody's; a third of it where an administrator's may idle 10.
 */
export const profiles: Readonly<Record<(typeof profileNames)[number], Profile>> = {
  nist: {
    idleMs: () => hour,
    absoluteMs: 24 * hour,
    stepUpMs: 15 * minute,
    inactiveDays: null,
    lockAfter: 100,
    waitAfter,
    shiftHours: null,
  },
  stig: {
    idleMs: (administrator) => (administrator ? 10 : 15) * minute,
    absoluteMs: 12 * hour,
    stepUpMs: 5 * minute,
    lockAfter: 3,
    inactiveDays: 35,
    // For the last administrator, whom nobody could enable: a quarter of an hour from the third failure on.
    waitAfter: (failures) => (failures >= 3 ? 15 * 60 : 0),
    // Our own choice: as long as a session may last here.
    shiftHours: 12,
  },
};

/** Wrong codes after the right passphrase, in a row: 10 of a million, and whoever tries knows the passphrase. */
export const wrongCodesToDisable = 10;
