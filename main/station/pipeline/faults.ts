import { ORPCError, ValidationError } from "@orpc/contract";
import { errorStatus, isErrorCode, Refusal, type ErrorFacts } from "../../../shared/errors.ts";
import { randomHex } from "../crypto/random.ts";
import type { Log } from "../kernel.ts";

/**
 * Turns whatever an operation threw into an error of the closed set. Unknown faults become `internal`
 * with a reference; their text goes to the log alone.
 */
export function asContractError(error: unknown, operation: string, log: Log): ORPCError<string, ErrorFacts> {
  if (error instanceof Refusal) return wire(error.code, error.message, error.facts);
  if (error instanceof ORPCError && error.code === "BAD_REQUEST" && error.cause instanceof ValidationError) {
    const { path, text } = describeIssue(error.cause.issues);
    return wire("bad-input", text, { path });
  }
  if (error instanceof ORPCError && isErrorCode(error.code)) return error as ORPCError<string, ErrorFacts>;
  if (isFullDisk(error)) {
    return wire(
      "no-room",
      "The station's disk is full. What was committed is safe; nothing is half-written.",
      {
        remedy:
          "Free space on the disk of the station directory, then run the same command again: it goes on where it stopped.",
      },
    );
  }
  const broken = brokenDisk(error);
  if (broken !== null) {
    log.error({ operation, error: describe(error) }, "the station's disk failed");
    return wire(
      "medium-failed",
      `The station's own disk failed: ${broken}. What was committed before is safe; nothing of this was kept.`,
      {
        remedy:
          "Have the disk of the station directory checked and mounted for writing, then run the same command again: it goes on where it stopped.",
      },
    );
  }
  const reference = randomHex(4).toUpperCase();
  log.error({ reference, operation, error: describe(error) }, "operation failed");
  return wire("internal", `Something inside failed (reference ${reference}). Nothing was half-written.`, {
    reference,
    remedy: "The station's log holds the details under this reference.",
  });
}

function wire(
  code: keyof typeof errorStatus,
  message: string,
  facts: ErrorFacts,
): ORPCError<string, ErrorFacts> {
  return new ORPCError(code, { status: errorStatus[code], message, data: facts, defined: true });
}

export function isFullDisk(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ENOSPC" || code === "EDQUOT" || code === "SQLITE_FULL";
}

/** What is wrong with the disk under the station, in words; null for every other error. */
function brokenDisk(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return null;
  if (code === "EIO" || code.startsWith("SQLITE_IOERR")) return "it answers with an input/output error";
  if (code === "EROFS" || code.startsWith("SQLITE_READONLY")) return "it is read-only";
  return null;
}

type Issue = ValidationError["issues"][number];
type PathPart = NonNullable<Issue["path"]>[number];

/** Of a choice between shapes, the fault in the shape that fits best: the one with the fewest faults. */
function deepest(issue: Issue | undefined, above: readonly PathPart[]): Issue | undefined {
  if (issue === undefined) return undefined;
  const path = [...above, ...(issue.path ?? [])];
  const branches = (issue as { errors?: readonly (readonly Issue[])[] }).errors ?? [];
  const best = branches.toSorted((a, b) => a.length - b.length)[0]?.[0];
  return best === undefined ? { ...issue, path } : deepest(best, path);
}

/** "At records[3].id: expected string". */
function describeIssue(issues: readonly Issue[]): { path: string; text: string } {
  const issue = deepest(issues[0], []);
  if (issue === undefined) return { path: "", text: "The input does not fit." };
  const path = (issue.path ?? [])
    .map((segment) => (typeof segment === "object" ? segment.key : segment))
    .reduce<string>((text, key) => {
      if (typeof key === "number") return `${text}[${key}]`;
      return text === "" ? String(key) : `${text}.${String(key)}`;
    }, "");
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = issue.message.replace(/^Invalid input: /, "");
  return { path, text: `At ${path === "" ? "the input" : path}: ${message}${more}` };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describe(error.cause)}`;
  const issues = error instanceof ValidationError ? `\n${JSON.stringify(error.issues)}` : "";
  return `${error.stack ?? error.message}${issues}${cause}`;
}
