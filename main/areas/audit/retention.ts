import { setImmediate } from "node:timers/promises";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { openNote } from "../../station/audit/checkpoint.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import { parseLeaf } from "../../station/audit/event.ts";
import { blockEvents } from "../../station/audit/nodes.ts";
import { parseSegmentText } from "../../station/audit/segment-note.ts";
import { retentionFloorDays } from "../../station/configuration.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { createExpiry } from "./expiry.ts";
import { createHolds } from "./holds.ts";
import { matches } from "./match.ts";
import { parseQuery } from "./query.ts";
import { retentionStore, type SegmentRow } from "./retention-store.ts";
import { nextSegment, ownSegment, readSegment, signSegment, writeSegment } from "./segments.ts";
import type { TextIndex } from "./text-index.ts";

type Handlers = AreaHandlers<typeof contract.audit>;

export interface Retention {
  readonly handlers: Pick<
    Handlers,
    "segments" | "seal" | "exportSegment" | "verifySegment" | "hold" | "liftHold" | "purge"
  >;
  /** Number of the last event whose bytes were purged; 0 when none were. */
  purgedThrough(): number;
  /** The signed stub that stays at the end of what was purged; null when nothing was. */
  newestStub(): string | null;
  /** Why an event's bytes are not here: the segment that they went with. Null when they should be. */
  purgedWith(sequence: number): SegmentRow | null;
  /**
   * Every tile stands for events whose purge was signed: the number of the first event of one that doesn't, or null. Tiles
   * without a stub are rows that somebody took out by other means.
   */
  firstUnsigned(): number | null;
  /** Ends a purge that two persons agreed on and the station did not come to the end of. */
  resume(): Promise<void>;
}

export function createRetention(kernel: Kernel, checkpoints: Checkpoints, index: TextIndex): Retention {
  const { audit, clock, configuration, store } = kernel;
  const rows = retentionStore(store);
  const { expiresAt, clockFault, stateOf, expectPurgeable, eventsAhead } = createExpiry(
    kernel,
    checkpoints,
    rows,
  );
  let busy = false;

  function found(id: number): SegmentRow {
    const row = rows.segment(id);
    if (row === undefined) {
      throw new Refusal("not-found", `No segment has the number ${id}.`, { path: "segment" });
    }
    return row;
  }

  /** One seal, export or purge at a time: they read and take the same rows. */
  async function alone<T>(run: () => Promise<T>): Promise<T> {
    if (busy)
      throw new Refusal("conflict", "A segment is being sealed, exported or purged already. Wait for it.");
    busy = true;
    try {
      return await run();
    } finally {
      busy = false;
    }
  }

  /** The stub is ours, and says the tree that the log has there. */
  function isSigned(row: SegmentRow): boolean {
    const opened = openNote(row.stub ?? "", checkpoints.everyKey());
    const facts = opened.ok ? parseSegmentText(opened.text) : null;
    return (
      facts !== null &&
      facts.purged !== null &&
      facts.from === row.from_seq &&
      facts.to === row.to_seq &&
      audit.tree.rootAt(facts.to).equals(facts.after.root())
    );
  }

  /** Takes the events of a segment whose purge has begun, a block a transaction. */
  async function takeOut(row: SegmentRow): Promise<void> {
    await index.catchUp();
    // Freed pages of the file are overwritten; that is no erasure of a disk (trust.md, Data at rest).
    store.db.pragma("secure_delete = ON");
    try {
      for (let after = row.from_seq - 1; after < row.to_seq; after += blockEvents) {
        if (kernel.stopping.aborted) {
          throw new Refusal(
            "cancelled",
            "The station was closed. The purge goes on when it is opened again.",
          );
        }
        kernel.step("purge a block");
        store.write(() => rows.purgeBlock(after));
        await setImmediate();
      }
    } finally {
      if (store.db.open) store.db.pragma("secure_delete = OFF");
    }
  }

  return {
    purgedThrough: () => rows.purgedThrough(),
    newestStub: () => rows.segments().findLast((row) => row.purged_at !== null)?.stub ?? null,
    purgedWith: (sequence) =>
      rows
        .segments()
        .find((row) => row.purge_begun_at !== null && row.from_seq <= sequence && sequence <= row.to_seq) ??
      null,

    firstUnsigned() {
      const signed = rows.segments().filter((row) => row.stub !== null && isSigned(row));
      const bare = rows
        .tiles()
        .map((position) => position * blockEvents + 1)
        .find((first) => !signed.some((row) => row.from_seq <= first && first <= row.to_seq));
      return bare ?? null;
    },

    async resume() {
      const row = rows.segments().find((one) => one.purge_begun_at !== null && one.purged_at === null);
      if (row === undefined) return;
      await alone(async () => {
        await takeOut(row);
        store.write(() => {
          rows.markPurged(row.id, clock().toISOString());
          audit.append({
            actor: "station",
            action: "audit.segment-purged",
            object: `segment ${row.id}`,
            outcome: "done",
            details: { from: row.from_seq, to: row.to_seq, resumed: true },
          });
        });
        kernel.changes.publish("audit");
      });
    },

    handlers: {
      segments() {
        return {
          events: audit.head().events,
          sealedThrough: rows.sealedThrough(),
          purgedThrough: rows.purgedThrough(),
          retentionDays: configuration.audit.retentionDays,
          floorDays: retentionFloorDays,
          ahead: eventsAhead(),
          clock: clockFault(),
          segments: rows.segments().map((row) => ({
            segment: row.id,
            from: row.from_seq,
            to: row.to_seq,
            fromAt: row.from_at,
            toAt: row.to_at,
            state: stateOf(row),
            sealedAt: row.sealed_at,
            exportedAt: row.exported_at,
            exportedTo: row.exported_to,
            expiresAt: new Date(expiresAt(row)).toISOString(),
            purgedAt: row.purged_at,
            note: row.note,
            stub: row.stub,
          })),
          holds: rows.holds().map((row) => ({
            hold: row.id,
            from: row.from_seq,
            to: row.to_seq,
            reason: row.reason,
            setAt: row.set_at,
            setBy: row.set_by,
          })),
        };
      },

      seal: (input, call) =>
        alone(async () => {
          audit.alarms.expectNone();
          const fault = clockFault();
          if (fault !== null) throw new Refusal("refused", `${fault} Nothing was sealed.`);
          const through = Math.min(input.through ?? Number.MAX_SAFE_INTEGER, audit.head().events);
          const first = rows.sealedThrough() + 1;
          const sealed: number[] = [];
          for (;;) {
            const next = await nextSegment(kernel, checkpoints, rows.sealedThrough(), through);
            if (next === null) break;
            const { facts, note } = next;
            call.commit((event) => {
              const { from, to, fromAt, toAt, sha256, sealedAt } = facts;
              const row = { from_seq: from, to_seq: to, from_at: fromAt, to_at: toAt };
              const id = rows.add({ ...row, sha256, note, sealed_at: sealedAt });
              sealed.push(id);
              const root = facts.after.root().toString("hex");
              const details = { from, to, sha256, root, note: sha256Hex(note) };
              event({ action: "audit.segment-sealed", object: `segment ${id}`, details });
            });
          }
          if (sealed.length === 0) {
            throw new Refusal(
              "refused",
              `Nothing to seal: fewer than ${blockEvents} whole events follow event ${first - 1}.`,
              { safe: "Nothing was changed." },
            );
          }
          return { segments: sealed, from: first, to: rows.sealedThrough() };
        }),

      exportSegment: (input, call) =>
        alone(async () => {
          const row = found(input.segment);
          if (row.purge_begun_at !== null) {
            throw new Refusal("refused", `Segment ${row.id} was purged: its events are not here any more.`);
          }
          const { files, path } = await writeSegment(kernel, checkpoints, row, input.folder, call);
          call.commit((event) => {
            rows.markExported(row.id, clock().toISOString(), path);
            const details = { from: row.from_seq, to: row.to_seq, sha256: row.sha256 };
            event({ action: "audit.segment-exported", object: `segment ${row.id}`, details });
          });
          return { files, events: row.to_seq - row.from_seq + 1 };
        }),

      async verifySegment(input) {
        const { facts, leaves } = await readSegment(kernel, checkpoints, input.file);
        const query = parseQuery(input.query, clock());
        const hits = leaves.filter((leaf) => {
          const event = parseLeaf(leaf);
          return event !== null && matches(event, query);
        });
        const ours =
          facts.to <= audit.head().events && audit.tree.rootAt(facts.to).equals(facts.after.root());
        return {
          origin: facts.origin,
          from: facts.from,
          to: facts.to,
          sha256: facts.sha256,
          ours,
          found: hits.length,
          leaves: hits.slice(0, input.limit).map((leaf) => leaf.toString("utf8")),
        };
      },

      ...createHolds(kernel, rows),

      purge: (input, call) =>
        alone(async () => {
          const row = found(input.segment);
          expectPurgeable(row);
          const typed = `${row.from_seq}-${row.to_seq}`;
          if (input.confirm !== typed) {
            throw new Refusal("bad-input", `At confirm: type ${typed} to say which events go.`, {
              path: "confirm",
            });
          }
          const at = clock().toISOString();
          const by = call.approver === null ? [call.operator] : [call.operator, call.approver];
          const facts = { ...ownSegment(checkpoints, row.note), purged: { at, by } };
          const stub = signSegment(kernel, checkpoints, facts);
          const details = {
            from: row.from_seq,
            to: row.to_seq,
            sha256: row.sha256,
            stub: sha256Hex(stub),
            exported: row.exported_to,
          };
          call.commit((event) => {
            // What was true a moment ago is looked at again where it counts.
            expectPurgeable(found(row.id));
            rows.markBegun(row.id, at, stub);
            event({ action: "audit.purge-begun", object: `segment ${row.id}`, details });
          });
          await takeOut(row);
          call.commit((event) => {
            rows.markPurged(row.id, clock().toISOString());
            event({ action: "audit.segment-purged", object: `segment ${row.id}`, details });
          });
          return { events: row.to_seq - row.from_seq + 1, stub };
        }),
    },
  };
}

/** What is said of an event that is not here: never was, or was purged and lies in an exported file. */
export function goneEvent(sequence: number, row: SegmentRow | null): Refusal {
  if (row === null) {
    return new Refusal("not-found", `The log has no event ${sequence}.`, { path: "sequence" });
  }
  return new Refusal(
    "not-found",
    `Event ${sequence} was purged with events ${row.from_seq} to ${row.to_seq}. Its hash is still in the tree.`,
    {
      path: "sequence",
      remedy: `Its bytes were exported to ${row.exported_to}: read them with audit verify-segment --file.`,
    },
  );
}
