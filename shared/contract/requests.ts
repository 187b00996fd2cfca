import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const requestState = z.enum(["waiting", "sealed", "imported", "answered", "refused"]);

const row = z.strictObject({
  id: field.recordId,
  kind: field.requestKind,
  user: field.userName,
  state: requestState,
  createdAt: field.instant,
  /** The peer it goes to (request side) or came from (response side); null until sealed. */
  peer: field.stationName.nullable(),
  bodyBytes: field.count,
  /** Sequence of the batch that carries it out, and of the one that brought the answer. */
  batchOut: field.sequence.nullable(),
  batchBack: field.sequence.nullable(),
});

/** One step of a request's life; `lane` says whose log it comes from. */
const step = z.strictObject({
  lane: z.enum(["request", "gap", "response"]),
  what: z.enum([
    "submitted",
    "sealed",
    "copied",
    "imported",
    "refused",
    "quarantined",
    "answered",
    "answer-sealed",
    "answer-imported",
  ]),
  /** Null where only the order is known. */
  at: field.instant.nullable(),
  batch: field.batchId.nullable(),
  sequence: field.sequence.nullable(),
  /** `own` log, or `receipt`: what the peer signed for. */
  source: z.enum(["own", "receipt"]),
  note: z.string(),
});

/** On the response side two peers may use the same id; then the peer has to be named. */
const one = z.strictObject({ request: field.recordId, peer: field.stationName.optional() });

const counts = z.strictObject({
  waiting: field.count,
  sealed: field.count,
  imported: field.count,
  answered: field.count,
  refused: field.count,
});

export const requests = {
  submit: operation({
    permission: "requests.submit",
    reach: { input: { peer: "to", kind: "kind" } },
    effect: "change",
    summary: "Submit requests, one JSON value a line; all lines or none",
  })
    .input(
      z.strictObject({
        kind: field.requestKind,
        user: field.userName,
        source: field.linesSource,
        /** The peer it is meant for; without it, the next export takes it. */
        to: field.stationName.optional(),
      }),
    )
    .output(z.strictObject({ ids: z.array(field.recordId) })),
  list: operation({
    permission: "requests.read",
    reach: { rows: { requests: { peer: "peer", kind: "kind" } } },
    effect: "read",
    summary: "List requests, newest first",
  })
    .input(
      z.strictObject({
        limit: field.limit,
        after: field.cursor,
        state: requestState.optional(),
        kind: field.requestKind.optional(),
        user: field.userName.optional(),
      }),
    )
    .output(z.strictObject({ requests: z.array(row), next: field.next })),
  counts: operation({
    permission: "requests.read",
    reach: "whole",
    effect: "read",
    summary: "Count requests by state",
  })
    .input(z.strictObject({}))
    .output(counts),
  show: operation({
    permission: "requests.read",
    reach: "looked-up",
    effect: "read",
    summary: "Show one request: its exact body and its life across the gap",
  })
    .input(one)
    .output(row.extend({ body: z.string(), sha256: field.sha256, steps: z.array(step) })),
  run: operation({
    permission: "requests.answer",
    reach: "whole",
    effect: "change",
    summary: "Answer what waits, with the handlers of this response station",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ answered: field.count, failed: field.count })),
};

export const responses = {
  get: operation({
    permission: "requests.read",
    reach: "looked-up",
    effect: "read",
    summary: "Fetch the response to a request",
  })
    .input(one)
    .output(
      z.strictObject({
        id: field.recordId,
        request: field.recordId,
        status: z.enum(["ok", "error"]),
        /** The exact text of the body, byte for byte as it was answered. */
        body: z.string(),
        createdAt: field.instant,
        sha256: field.sha256,
      }),
    ),
};
