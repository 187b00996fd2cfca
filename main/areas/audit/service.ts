import { setImmediate } from "node:timers/promises";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { parseLeaf, type AuditEvent } from "../../station/audit/event.ts";
import { leafHash } from "../../station/audit/tree.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";

interface LeafRow {
  readonly seq: number;
  readonly leaf: Buffer;
}

export function createAuditService(kernel: Kernel): { handlers: AreaHandlers<typeof contract.audit> } {
  const { store } = kernel;
  return {
    handlers: {
      list(input) {
        const before = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
        if (!Number.isSafeInteger(before)) {
          throw new Refusal(
            "bad-input",
            "At after: not a place in this list. Use the `next` of the page before.",
            {
              path: "after",
            },
          );
        }
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
        if (row === undefined) {
          throw new Refusal("not-found", `The log has no event ${input.sequence}.`, { path: "sequence" });
        }
        return {
          ...readEvent(row),
          leaf: row.leaf.toString("utf8"),
          leafHash: leafHash(row.leaf).toString("hex"),
        };
      },

      verify() {
        return kernel.audit.verify(() => setImmediate());
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
