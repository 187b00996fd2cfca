import { setImmediate } from "node:timers/promises";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { ResourceLookups } from "../../station/pipeline/reach.ts";
import type { DocumentsService } from "../documents/service.ts";
import type { UploadsService } from "../uploads/service.ts";
import { createHandlers, thatFits, unknownKind } from "./answer.ts";
import { makeIds } from "./ids.ts";
import { requestLife } from "./life.ts";
import { requestStore, type RequestRow } from "./store.ts";

export interface RequestsService {
  readonly handlers: AreaHandlers<typeof contract.requests>;
  readonly responses: AreaHandlers<typeof contract.responses>;
  readonly lookups: ResourceLookups;
  /** Requests of peers that have no answer yet. */
  readonly unanswered: () => number;
}

/** Answers a transaction holds; the same as records staged at import (batch-format.md, Import). */
const answersPerCommit = 1000;

/** A search over many documents takes its time: the windows wait no longer than this for a transaction of answers. */
const longestCommitMs = 200;

export function createRequestsService(
  kernel: Kernel,
  uploads: UploadsService,
  documents: DocumentsService,
): RequestsService {
  const rows = requestStore(kernel.store, () => kernel.identity().side);
  const handlers = createHandlers(documents);

  function destination(name: string | undefined): number | null {
    if (name === undefined) return null;
    const peer = rows.peerByName(name);
    if (peer === undefined || peer.state !== "trusted" || peer.side !== "response") {
      throw new Refusal("not-found", `${name} is not a trusted response station here.`, { path: "to" });
    }
    return peer.id;
  }

  /** The one request that is meant; two peers may each have sent one of that id, and neither is the right one by luck. */
  function found({ request: id, peer }: { request: string; peer?: string | undefined }): RequestRow {
    const candidates = rows.find(id).filter((row) => peer === undefined || row.peer === peer);
    const [row, other] = candidates;
    if (row === undefined) {
      const whose = peer === undefined ? "" : ` of ${peer}`;
      throw new Refusal("not-found", `There is no request ${id}${whose} here.`, { path: "request" });
    }
    if (other === undefined) return row;
    const peers = candidates.map((each) => each.peer ?? "nobody");
    throw new Refusal(
      "conflict",
      `${peers.slice(0, -1).join(", ")} and ${peers.at(-1)} each sent a request ${id}.`,
      { path: "peer", remedy: `Name the peer that is meant: ${peers.join(" or ")}.` },
    );
  }

  /** What the one request meant is about; one that is not there, or not one, is about any. */
  function aboutOne(input: unknown) {
    const { request, peer } = input as { request: string; peer?: string };
    const [row, other] = rows.find(request).filter((one) => peer === undefined || one.peer === peer);
    return row === undefined || other !== undefined
      ? { peer: null, kind: null }
      : { peer: row.peer, kind: row.kind };
  }

  /** One transaction of answers; returns how many, and how many of them are errors. */
  function answerSome(batch: number, call: Call) {
    // Asked each time: another window may answer the same batch in between.
    const handledSeq = rows.handledSeq(batch);
    const waiting = rows.waiting(batch, handledSeq, answersPerCommit);
    if (waiting.length === 0) {
      kernel.store.write(() => rows.advance(batch, handledSeq, true));
      return null;
    }
    const now = kernel.clock();
    const ids = makeIds("a", waiting.length, now);
    const until = performance.now() + longestCommitMs;
    let answered = 0;
    let failed = 0;
    kernel.step("answer-requests");
    call.commit((event) => {
      let last = handledSeq;
      for (const [index, request] of waiting.entries()) {
        if (index > 0 && performance.now() > until) break;
        const handler = handlers.get(request.kind);
        const answer = thatFits(handler === undefined ? unknownKind(request.kind) : handler(request.body));
        if (answer.status === "error") failed += 1;
        rows.insertAnswer(ids[index] ?? "", request, answer.status, answer.body, now.toISOString());
        last = request.seq;
        answered += 1;
      }
      rows.advance(batch, last, false);
      event({
        action: "requests.answered",
        object: `${waiting[0]?.id} to ${waiting[answered - 1]?.id}`,
        details: { answered, failed },
      });
    });
    return { answered, failed };
  }

  return {
    unanswered: () => rows.unanswered(),
    lookups: { "requests.show": aboutOne, "responses.get": aboutOne },
    handlers: {
      submit(input, call) {
        if (kernel.identity().side !== "request") {
          throw new Refusal(
            "not-ready",
            "Requests are submitted on the request side; this is a response station.",
          );
        }
        const peer = destination(input.to);
        const bodies = uploads.readBodies(input.source, call);
        const now = kernel.clock();
        const ids = makeIds("r", bodies.count, now);
        kernel.step("submit-requests");
        call.commit((event) => {
          let index = 0;
          for (const body of bodies.each()) {
            rows.insert(ids[index] ?? "", input.kind, input.user, body, now.toISOString(), peer);
            index += 1;
          }
          event({
            action: "requests.submitted",
            object: ids.length === 1 ? (ids[0] ?? "") : `${ids[0]} to ${ids.at(-1)}`,
            details: { count: ids.length, kind: input.kind, user: input.user, sha256: bodies.sha256 },
          });
        });
        uploads.drop(input.source, call);
        kernel.changes.publish("requests", "transfer");
        return { ids };
      },

      list(input) {
        const beforeSeq = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
        if (!Number.isSafeInteger(beforeSeq)) {
          throw new Refusal(
            "bad-input",
            "At after: not a place in this list. Use the `next` of the page before.",
            {
              path: "after",
            },
          );
        }
        const { state, kind, user } = input;
        const page = rows.list({ beforeSeq, limit: input.limit, state, kind, user });
        return {
          requests: page.rows.map(listed),
          next: page.nextBefore === null ? null : String(page.nextBefore),
        };
      },

      counts: () => rows.counts(),

      show(input) {
        const row = found(input);
        const life = rows.steps(row.seq);
        return {
          ...listed(row),
          body: life.body,
          sha256: sha256Hex(life.body),
          steps: requestLife(life, kernel.identity().side),
        };
      },

      async run(_input, call) {
        if (kernel.identity().side !== "response") {
          throw new Refusal(
            "not-ready",
            "Requests are answered on the response side; this is a request station.",
          );
        }
        const total = { answered: 0, failed: 0 };
        for (const batch of rows.unhandledBatches()) {
          for (let some = answerSome(batch, call); some !== null; some = answerSome(batch, call)) {
            total.answered += some.answered;
            total.failed += some.failed;
            kernel.changes.publish("requests", "transfer");
            if (kernel.stopping.aborted)
              throw new Refusal("cancelled", "Stopped by the shutdown; run it again to go on.");
            await setImmediate();
          }
        }
        if (total.answered === 0) {
          call.commit((event) =>
            event({ action: "requests.answered", object: "", details: { answered: 0, failed: 0 } }),
          );
        }
        return total;
      },
    },

    responses: {
      get(input) {
        const request = found(input);
        const answer = rows.answer(request.seq);
        if (answer !== undefined) return { ...answer, sha256: sha256Hex(answer.body) };
        throw new Refusal(
          "not-found",
          `No answer to ${input.request} is here yet: the request is ${request.state}.`,
          {
            path: "request",
          },
        );
      },
    },
  };
}

function listed({ seq: _seq, ...row }: RequestRow) {
  return row;
}
