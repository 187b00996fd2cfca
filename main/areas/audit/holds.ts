import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { RetentionStore } from "./retention-store.ts";

/** Legal holds: one person sets one, because it only keeps; lifting takes two where the station is of two. */
export function createHolds(
  { clock }: Kernel,
  rows: RetentionStore,
): Pick<AreaHandlers<typeof contract.audit>, "hold" | "liftHold"> {
  return {
    hold(input, call) {
      const to = input.to ?? null;
      if (to !== null && to < input.from) {
        throw new Refusal("bad-input", "At to: a range ends at or after its beginning.", { path: "to" });
      }
      const gone = rows
        .segments()
        .find(
          (row) =>
            row.purge_begun_at !== null && row.to_seq >= input.from && row.from_seq <= (to ?? row.from_seq),
        );
      if (gone !== undefined) {
        throw new Refusal(
          "refused",
          `Events ${gone.from_seq} to ${gone.to_seq} are purged already: a hold can't keep them.`,
          {
            safe: "Nothing was changed.",
            remedy: `Hold from event ${gone.to_seq + 1} on, and keep the exported file ${gone.exported_to}.`,
          },
        );
      }
      let id = 0;
      call.commit((event) => {
        id = rows.setHold(input.from, to, input.reason, clock().toISOString(), call.operator);
        const details = { from: input.from, to, reason: input.reason };
        event({ action: "audit.hold-set", object: `hold ${id}`, details });
      });
      return { hold: id };
    },

    liftHold(input, call) {
      call.commit((event) => {
        if (!rows.liftHold(input.hold, clock().toISOString(), call.operator, input.note)) {
          throw new Refusal("not-found", `No hold ${input.hold} stands.`, { path: "hold" });
        }
        event({ action: "audit.hold-lifted", object: `hold ${input.hold}`, details: { note: input.note } });
      });
      return {};
    },
  };
}
