import type { ErrorCode } from "../errors.ts";

interface ErrorWords {
  readonly safe: string;
  readonly remedy: string;
}

/** For each code of the closed set: what is safe and what to do, where the station itself did not say. */
export const errorStrings: Record<ErrorCode, ErrorWords> = {
  "bad-input": { safe: "Nothing was changed.", remedy: "Correct what the message names and try again." },
  "not-signed-in": { safe: "Nothing was changed.", remedy: "Sign in again." },
  "needs-step-up": { safe: "Nothing was changed.", remedy: "Give your passphrase again, then do it again." },
  "not-allowed": { safe: "Nothing was changed.", remedy: "Ask an operator whose role allows it." },
  "not-found": {
    safe: "Nothing was changed.",
    remedy: "Go back to the list and choose again: it may have been removed meanwhile.",
  },
  "no-such-operation": {
    safe: "Nothing was changed.",
    remedy: "Reload this window: it and the station are not of one version.",
  },
  conflict: { safe: "Nothing was changed.", remedy: "Look at the present state and decide again." },
  "not-ready": { safe: "Nothing was changed.", remedy: "Do first what the message names." },
  "needs-approval": {
    safe: "Nothing was changed.",
    remedy: "Let a second person look at it under People, Approvals; then do it again here.",
  },
  refused: {
    safe: "What was examined is kept apart; nothing of it is in use.",
    remedy: "Ask the other side to make it again.",
  },
  "held-elsewhere": {
    safe: "Nothing was changed.",
    remedy: "Close the other program that holds this station, or use that one.",
  },
  wait: { safe: "Nothing was changed.", remedy: "Wait until the time is over, then try again." },
  cancelled: {
    safe: "What was done up to there is kept.",
    remedy: "Start it again: it goes on where it stopped.",
  },
  internal: {
    safe: "What was finished before stays as it was.",
    remedy: "Try again. If it stays, look up the reference in the station's log.",
  },
  "medium-failed": {
    safe: "Everything in the station is whole; sealed bytes stay in the spool.",
    remedy: "Seat the medium again, or use another one.",
  },
  "no-room": {
    safe: "Nothing is half-written that cannot be resumed.",
    remedy: "Free some space where the message says, then go on.",
  },
};

/** When the station could not be reached at all. */
export const lostStrings = {
  why: "The station's process does not answer. It has ended, or this window's session with it has.",
  safe: "What was finished is kept; what ran goes on or can be resumed.",
  remedy: "Start the station again and open the address it prints.",
} as const;

/** What was attempted, for the head of an error. */
export const failedStrings = {
  read: (what: string) => `Could not read ${what}.`,
  act: (what: string) => `${what} did not succeed.`,
} as const;
