import { ORPCError } from "@orpc/client";
import { isErrorCode, type ErrorFacts } from "../../shared/errors.ts";
import { errorStrings, lostStrings } from "../../shared/strings/errors.ts";
import type { Failure } from "../ui/error-state.tsx";

/** Turns whatever was thrown into what failed, why, what is safe and what to do. */
export function toFailure(error: unknown, what: string): Failure {
  if (!(error instanceof ORPCError) || !isErrorCode(error.code)) return { what, ...lostStrings };
  const facts = readFacts(error.data);
  const words = errorStrings[error.code];
  return {
    what,
    why: error.message,
    safe: facts.safe ?? words.safe,
    // The station names the command; here the page is nearer.
    remedy: error.code === "needs-approval" ? words.remedy : (facts.remedy ?? words.remedy),
    reference: facts.reference,
  };
}

/** The code of an error of the closed set, or null. */
export function errorCode(error: unknown): string | null {
  return error instanceof ORPCError && isErrorCode(error.code) ? error.code : null;
}

/** Seconds to wait, where the error says so. */
export function waitSeconds(error: unknown): number {
  return error instanceof ORPCError ? (readFacts(error.data).seconds ?? 0) : 0;
}

/** True when the passphrase was right and a code of the second factor is missing. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ORPCError && readFacts(error.data).reason === "second-factor";
}

function readFacts(data: unknown): ErrorFacts {
  return typeof data === "object" && data !== null ? data : {};
}
