import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { parseLeaf, type AuditEvent } from "../../station/audit/event.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import { notedTimes, heartbeatActions } from "../../station/audit/heartbeat.ts";
import { leafHash } from "../../station/audit/tree.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { badCursor, createProofs, shownCheckpoint } from "./proofs.ts";
import { exportEvents } from "./export.ts";
import { createPaper } from "./paper.ts";
import { parseQuery } from "./query.ts";
import { createRetention, goneEvent } from "./retention.ts";
import { createSavedSearches } from "./saved-searches.ts";
import { search } from "./search.ts";
import { createTextIndex } from "./text-index.ts";
import { drawTimeline } from "./timeline.ts";
import { createVerification } from "./verification.ts";

interface LeafRow {
  readonly seq: number;
  readonly leaf: Buffer;
}

export interface AuditService {
  readonly handlers: AreaHandlers<typeof contract.audit>;
  close(): Promise<void>;
}

export function createAuditService(kernel: Kernel, checkpoints: Checkpoints): AuditService {
  const { store } = kernel;
  const index = createTextIndex(kernel);
  const retention = createRetention(kernel, checkpoints, index);
  const verification = createVerification(kernel, () => retention.firstUnsigned());
  const resuming = retention.resume().catch((error: unknown) => {
    kernel.log.warn({ error: String(error) }, "a purge that had begun could not be ended");
  });
  return {
    async close() {
      index.close();
      await resuming;
    },
    handlers: {
      ...retention.handlers,

      list(input) {
        const before = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
        if (!Number.isSafeInteger(before)) throw badCursor();
        const filters: string[] = [];
        const values: string[] = [];
        if (input.action !== undefined) {
          filters.push("AND action = ?");
          values.push(input.action);
        }
        if (input.actor !== undefined) {
          filters.push("AND actor = ?");
          values.push(input.actor);
        }
        const sql = `SELECT seq, leaf FROM audit_event WHERE seq < ? ${filters.join(" ")} ORDER BY seq DESC LIMIT ?`;
        const rows = store.prepare(sql).all(before, ...values, input.limit + 1) as LeafRow[];
        const page = rows.slice(0, input.limit);
        return {
          events: page.map(readEvent),
          next: rows.length > input.limit ? String(page.at(-1)?.seq) : null,
        };
      },

      show(input) {
        const sql = "SELECT seq, leaf FROM audit_event WHERE seq = ?";
        const row = store.prepare(sql).get(input.sequence) as LeafRow | undefined;
        if (row === undefined) throw goneEvent(input.sequence, retention.purgedWith(input.sequence));
        return {
          ...readEvent(row),
          leaf: row.leaf.toString("utf8"),
          leafHash: leafHash(row.leaf).toString("hex"),
        };
      },

      ...createProofs(kernel, checkpoints, retention),
      ...createPaper(kernel, checkpoints),
      ...createSavedSearches(kernel),

      async timeline(input) {
        const query = parseQuery(input.query, kernel.clock());
        const timeline = await drawTimeline(kernel, index, query, input.buckets);
        return { ...timeline, ignored: [...query.ignored] };
      },

      async verify() {
        const result = await verification.run();
        return { ...result, index: await index.check() };
      },

      async search(input) {
        const below = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
        if (!Number.isSafeInteger(below)) throw badCursor();
        const query = parseQuery(input.query, kernel.clock());
        const { events, next, searched, indexed } = await search(kernel, index, query, {
          limit: input.limit,
          below,
        });
        const verified = verification.last();
        const newest = checkpoints.newest();
        return {
          events: events.map((one) => one.event),
          next: next === null ? null : String(next),
          searched,
          indexed,
          ignored: [...query.ignored],
          verified: verified === null ? null : { events: verified.events, at: verified.at },
          signed: newest === null ? null : { events: newest.size, at: newest.signedAt },
        };
      },

      export(input, call) {
        const query = parseQuery(input.query, kernel.clock());
        if (query.ignored.length > 0) {
          throw new Refusal(
            "bad-input",
            `At query: ${query.ignored.join(" ")} means nothing here. Nothing was written.`,
            {
              path: "query",
            },
          );
        }
        const asked = { parent: input.folder, text: input.query, query };
        return exportEvents(kernel, { checkpoints, index, retention }, asked, call);
      },

      standing() {
        const newest = checkpoints.newest();
        return {
          ...kernel.audit.head(),
          checkpoint: newest === null ? null : shownCheckpoint(newest),
          verified: verification.last(),
          verifying: verification.running(),
          indexed: index.through(),
          heartbeatMinutes: kernel.configuration.audit.heartbeatMinutes,
          silences: notedTimes(store, heartbeatActions.silent).map(({ sequence, at, details }) => ({
            sequence,
            at,
            seconds: Number(details["seconds"]),
            after: Number(details["after"]),
            reason: details["reason"] === "late" ? ("late" as const) : ("not-closed" as const),
          })),
          clockSteps: notedTimes(store, heartbeatActions.clockStepped).map(({ sequence, at, details }) => ({
            sequence,
            at,
            seconds: Number(details["seconds"]),
          })),
          alarms: kernel.audit.alarms.open().map(({ id, ...alarm }) => ({ alarm: id, ...alarm })),
        };
      },

      settle(input, call) {
        const open = kernel.audit.alarms.open().find((alarm) => alarm.id === input.alarm);
        if (open === undefined) {
          throw new Refusal("not-found", `No open alarm has the number ${input.alarm}.`, { path: "alarm" });
        }
        call.commit((event) => {
          kernel.audit.alarms.settle(open.id, kernel.clock().toISOString(), call.operator, input.note);
          const details = { ...open.evidence, note: input.note };
          event({ action: "audit.alarm-settled", object: open.kind, details });
        });
        return {};
      },
    },
  };
}

/** An event that no longer reads shows as what it is: damaged. `verify` says where it begins. */
function readEvent(row: LeafRow): AuditEvent {
  return (
    parseLeaf(row.leaf) ?? {
      sequence: row.seq,
      at: "1970-01-01T00:00:00.000Z",
      actor: "unknown",
      action: "audit.damaged",
      object: "",
      outcome: "failed",
      details: {},
    }
  );
}
