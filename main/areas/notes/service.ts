import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { expectVersion } from "../../station/stale-edit.ts";
import { noteStore, type NoteRow, type NoteSubject } from "./store.ts";

/** Notes about peers and their alarms: edited by several, so each save names the version that it was made from. */
export function createNotesService(kernel: Kernel): { handlers: AreaHandlers<typeof contract.notes> } {
  const rows = noteStore(kernel.store);

  function peerId(name: string): number {
    const id = rows.peer(name);
    if (id !== undefined) return id;
    throw new Refusal("not-found", `There is no peer ${name} here.`, { path: "peer" });
  }

  return {
    handlers: {
      show({ about, peer }) {
        return view(about, peer, rows.find(about, peerId(peer)));
      },

      write({ about, peer, text, version }, call) {
        const id = peerId(peer);
        const written = call.commit((event) => {
          const found = rows.find(about, id);
          expectVersion(version, {
            what: about === "peer" ? `The note about ${peer}` : `The note about the alarms of ${peer}`,
            version: found?.version ?? 0,
            changedBy: found?.changed_by ?? null,
            fields: { text: found?.text ?? "" },
          });
          const row: NoteRow = {
            text,
            version: version + 1,
            changed_by: call.operator,
            changed_at: kernel.clock().toISOString(),
          };
          rows.write(about, id, row);
          // The log says that and by whom; the words themselves stay out of it, as all bodies do.
          const details = { about, version: row.version, characters: text.length, sha256: sha256Hex(text) };
          event({ action: "notes.written", object: peer, details });
          return row;
        });
        kernel.changes.publish("notes");
        return view(about, peer, written);
      },
    },
  };
}

function view(about: NoteSubject, peer: string, row: NoteRow | undefined) {
  return {
    about,
    peer,
    text: row?.text ?? "",
    version: row?.version ?? 0,
    changedBy: row?.changed_by ?? null,
    changedAt: row?.changed_at ?? null,
  };
}
