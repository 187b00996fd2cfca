/**
 * The closed set of errors an operation may answer with, the same on every face.
 * Anything a service throws that is not a {@link Refusal} becomes `internal` with a reference id;
 * its text stays in the station's log.
 */
export const errorStatus = {
  /** The input does not fit the operation's schema; the message names the path. */
  "bad-input": 400,
  /** No operator has signed in on this connection, or the session has ended. */
  "not-signed-in": 401,
  /** Who is signed in must give their passphrase again first, because they gave it too long ago. */
  "needs-step-up": 401,
  /** The operator's roles do not allow the operation. */
  "not-allowed": 403,
  /** The thing named does not exist here. */
  "not-found": 404,
  /** The operation does not exist in the contract. */
  "no-such-operation": 404,
  /** The state changed, or already is what was asked for. */
  conflict: 409,
  /** The station is not in a state in which this can be done; the message says what comes first. */
  "not-ready": 409,
  /** A second person must agree first; `data.approval` names the request that waits for it. */
  "needs-approval": 409,
  /** What came from outside was examined and is not accepted; `data.reason` says why. */
  refused: 422,
  /** Another process holds the station; `data.holder` names it. */
  "held-elsewhere": 423,
  /** Too many wrong passphrases; `data.seconds` says how long to wait. */
  wait: 429,
  /** A person or a shutdown stopped the work at a safe point; it can be resumed. */
  cancelled: 499,
  /** A fault inside; `data.reference` finds it in the station's log. */
  internal: 500,
  /** A medium could not be read or written; nothing in the station is lost. */
  "medium-failed": 502,
  /** There is not enough free space; `data.path` says where. */
  "no-room": 507,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatus;

/** Facts that go with an error; each is optional and safe to show. */
export interface ErrorFacts {
  /** Finds the full text of an `internal` error in the station's log. */
  readonly reference?: string;
  /** A word of the closed reason list of batch-format.md, where one applies. */
  readonly reason?: string;
  /** How long to wait before trying again, in seconds. */
  readonly seconds?: number;
  /** The file, folder or input field that the message is about. */
  readonly path?: string;
  /** Who holds the station, as written for people. */
  readonly holder?: string;
  /** The request for approval that waits, and the digest of what it would allow. */
  readonly approval?: string;
  readonly digest?: string;
  /** What is safe and what to do next, in sentences. */
  /** On a `conflict` of two edits: the row as it stands now, with its version. */
  readonly present?: Readonly<Record<string, string | number | null | readonly string[]>>;
  readonly safe?: string;
  readonly remedy?: string;
}

/** Thrown by services for every expected "no". The message is written for an operator. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorStatus, value);
}
