import type { DocumentsService } from "../documents/service.ts";
import { checkBody } from "../transfer/format/lines.ts";

export interface Answer {
  readonly status: "ok" | "error";
  /** Exact JSON text. */
  readonly body: string;
}

/** A response line may have 1 MiB (batch-format.md, step 5); 64 KiB of it are left for the envelope fields. */
const bodyCapBytes = 1024 * 1024 - 64 * 1024;
/** The fixed text of an answer to a search, with its total. */
const aroundHitsBytes = 64;
const mostHits = 1000;
const defaultHits = 10;

export type Handler = (body: string) => Answer;

/** The handlers of this station by request kind. */
export function createHandlers(documents: DocumentsService): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    ["echo", (body) => ({ status: "ok", body })],
    ["search", (body) => search(documents, body)],
  ]);
}

/** What answers a kind that nobody here handles. */
export function unknownKind(kind: string): Answer {
  return failure("unknown-kind", `This station has no handler for requests of kind ${kind}.`);
}

/**
 * `{"query": "…", "limit": n}` in, `{"query", "total", "documents": […]}` out. The documents stand in the
 * answer byte for byte as they were loaded.
 */
function search(documents: DocumentsService, text: string): Answer {
  const input = readSearch(text);
  if (typeof input === "string") return failure("bad-request", input);
  const query = JSON.stringify(input.query);
  const capBytes = bodyCapBytes - Buffer.byteLength(query) - aroundHitsBytes;
  const { total, hits } = documents.search(input.query, input.limit, capBytes);
  const head = `{"query":${query},"total":${total},"documents":[`;
  return { status: "ok", body: `${head}${hits.map(({ body }) => body).join(",")}]}` };
}

function readSearch(text: string): { query: string; limit: number } | string {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return 'The body of a search is an object: {"query": "words", "limit": 10}.';
  }
  const { query, limit = defaultHits, ...rest } = value as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    return `A search has the fields query and limit; ${JSON.stringify(unknown)} is unknown.`;
  if (typeof query !== "string") return "At query: expected a string.";
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > mostHits) {
    return `At limit: expected a whole number from 1 to ${mostHits}.`;
  }
  return { query, limit };
}

/**
 * An answer that its line can carry, or the error that says why not: an echo of the longest body, or many
 * documents together, may break the limits of a line (batch-format.md, step 5), and one record that can't be
 * sealed would keep everything else from being sealed.
 */
export function thatFits(answer: Answer): Answer {
  const checked = checkBody(Buffer.from(answer.body));
  if (checked.ok) return answer;
  return failure(
    checked.reason,
    `The answer can't be carried: as one line it would be refused as ${checked.reason}.`,
  );
}

function failure(code: string, message: string): Answer {
  return { status: "error", body: JSON.stringify({ code, message }) };
}
