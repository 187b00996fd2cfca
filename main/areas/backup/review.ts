import { Refusal } from "../../../shared/errors.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import { isActive, mayAdminister } from "../../station/keys/standing.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import { notReviewed } from "./revive.ts";
import type { BackupStore, ItemRow, RestoreRow } from "./store.ts";

export interface ReviewDeps {
  readonly kernel: Kernel;
  readonly keys: KeyStore;
  readonly rows: BackupStore;
  /** Inside a transaction: takes the trust of a peer back. */
  readonly revokePeer: (name: string, event: AppendEvent) => void;
  /** After the commit: gives open sessions the operator's present standing. */
  readonly standingChanged: (name: string) => void;
}

export interface Decision {
  readonly kind: ItemRow["kind"];
  readonly name: string;
  readonly decision: "keep" | "take";
  readonly note: string;
}

/** What an old copy of a station brings back, and people's word on each of it. */
export function createReview({ kernel, keys, rows, revokePeer, standingChanged }: ReviewDeps) {
  const now = (): string => kernel.clock().toISOString();

  function expectOpen(): RestoreRow {
    const restore = rows.openRestore();
    if (restore !== undefined) return restore;
    throw new Refusal("conflict", "Nothing waits to be reviewed: no restore is open here.");
  }

  /** An item that another operation has settled: a peer revoked on Peers, an operator removed on People. */
  function presentDecision(item: ItemRow): ItemRow["decision"] {
    if (item.decision !== null) return item.decision;
    if (item.kind === "operator") return keys.operator(item.name)?.state === "active" ? null : "taken";
    const sql = "SELECT state FROM peer WHERE name = ?";
    return kernel.store.prepare(sql).pluck().get(item.name) === "revoked" ? "taken" : null;
  }

  function itemsOf(restore: RestoreRow) {
    return rows.items(restore.id).map((item) => ({
      kind: item.kind,
      name: item.name,
      was: item.was,
      detail: item.detail,
      decision: presentDecision(item),
      decidedBy: item.decided_by,
      decidedAt: item.decided_at,
    }));
  }

  function shown(restore: RestoreRow) {
    return {
      restore: {
        manifestSha256: restore.manifest_sha256,
        backupAt: restore.backup_at,
        restoredBy: restore.restored_by,
        restoredAt: restore.restored_at,
        abandoned: {
          lineage: restore.abandoned_lineage,
          events: restore.abandoned_events,
          root: restore.abandoned_root,
        },
        lineage: restore.lineage,
        knownEvents: restore.known_events,
        knownFrom: restore.known_from,
        reviewedBy: restore.reviewed_by,
        reviewedAt: restore.reviewed_at,
      },
      items: itemsOf(restore),
    };
  }

  /** An operator who is kept stands as in the backup; who is taken stays out, until `operators remove` re-keys. */
  function decideOperator(item: ItemRow, keep: boolean): void {
    const row = keys.operator(item.name);
    if (row === undefined) return;
    if (keep && item.was === "active" && row.disabled_why === notReviewed) {
      // Not as `operators enable` does: confirming a standing that was held raises nobody.
      kernel.store
        .prepare("UPDATE operator SET disabled_at = NULL, disabled_why = NULL WHERE id = ?")
        .run(row.id);
    }
    if (!keep) keys.disable(row.id, now(), "taken away after a restore");
  }

  return {
    /** Throws `not-ready` for work that waits until a restore was reviewed. */
    expectDone(): void {
      const restore = rows.openRestore();
      if (restore === undefined) return;
      throw new Refusal(
        "not-ready",
        `This station was restored from a backup of ${restore.backup_at}: it exports and imports nothing until peers and operators are reviewed.`,
        {
          safe: "Nothing was changed.",
          remedy:
            "Look at what the old copy brings back, confirm or take away each of it, then finish the review: Station, Backup, or `sallyport station review`.",
        },
      );
    },

    show() {
      const restore = rows.lastRestore();
      return restore === undefined ? { restore: null, items: [] } : shown(restore);
    },

    decide(input: Decision, call: Call) {
      const restore = expectOpen();
      const item = rows
        .items(restore.id)
        .find(({ kind, name }) => kind === input.kind && name === input.name);
      if (item === undefined) {
        throw new Refusal("not-found", `The restore brought back no ${input.kind} ${input.name}.`, {
          path: "name",
        });
      }
      const keep = input.decision === "keep";
      if (!keep && input.kind === "operator") refuseLast(input.name, call);
      call.commit((event) => {
        if (input.kind === "operator") decideOperator(item, keep);
        else if (!keep) revokePeer(input.name, event);
        rows.decide(restore.id, item, keep ? "kept" : "taken", call.operator, now());
        event({
          action: keep ? "station.review-kept" : "station.review-taken",
          object: input.name,
          details: { kind: input.kind, was: item.was, note: input.note },
        });
      });
      if (input.kind === "operator") standingChanged(input.name);
      kernel.changes.publish("operators", "peers", "session", "station");
      return shown(restore);
    },

    finish(call: Call) {
      const restore = expectOpen();
      const open = itemsOf(restore).filter(({ decision }) => decision === null);
      if (open.length > 0) {
        throw new Refusal(
          "conflict",
          `${open.length} ${open.length === 1 ? "waits" : "wait"} for a word: ${open
            .slice(0, 5)
            .map(({ kind, name }) => `${kind} ${name}`)
            .join(", ")}.`,
          { safe: "Nothing was changed.", remedy: "Confirm each of them or take it away first." },
        );
      }
      const items = itemsOf(restore);
      call.commit((event) => {
        rows.reviewed(restore.id, call.operator, now());
        event({
          action: "station.review-finished",
          object: restore.lineage,
          details: {
            manifest: restore.manifest_sha256,
            kept: items.filter(({ decision }) => decision === "kept").length,
            taken: items.filter(({ decision }) => decision === "taken").length,
          },
        });
      });
      kernel.changes.publish("station", "transfer", "peers");
      return shown({ ...restore, reviewed_by: call.operator, reviewed_at: now() });
    },

    steps: {
      // The second person agrees to this very list and these decisions.
      "station.finishReview": {
        state: () => {
          const restore = rows.openRestore();
          return restore === undefined ? null : { lineage: restore.lineage, items: itemsOf(restore) };
        },
      },
    } satisfies TwoPersonSteps,
  };

  function refuseLast(name: string, call: Call): void {
    if (name === call.operator) {
      throw new Refusal("conflict", "Nobody takes themselves away: another administrator does.");
    }
    const others = keys.operators().filter((row) => row.name !== name && isActive(row));
    if (others.some(mayAdminister)) return;
    throw new Refusal("conflict", `${name} is the last administrator. Nobody could let anyone in again.`);
  }
}

export type Review = ReturnType<typeof createReview>;
