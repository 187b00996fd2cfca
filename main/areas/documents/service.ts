import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { sha256 } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { UploadsService } from "../uploads/service.ts";
import { ftsQuery } from "./query.ts";

export interface Hit {
  readonly id: number;
  readonly body: string;
}

export interface DocumentsService {
  readonly handlers: AreaHandlers<typeof contract.documents>;
  /**
   * Documents that hold every word of the query, oldest first, as many as go into `capBytes` with one byte
   * between them; and how many there are in all.
   */
  search(query: string, limit: number, capBytes: number): { total: number; hits: Hit[] };
}

export function createDocumentsService(kernel: Kernel, uploads: UploadsService): DocumentsService {
  const { store } = kernel;
  const count = () => Number(store.prepare("SELECT count(*) FROM document").pluck().get());
  return {
    handlers: {
      load(input, call) {
        if (kernel.identity().side !== "response") {
          throw new Refusal(
            "not-ready",
            "Documents are searched on the response side; this is a request station.",
          );
        }
        const source = uploads.readBodies(input.source, call);
        const insert = store.prepare(
          "INSERT INTO document (sha256, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
        );
        const index = store.prepare("INSERT INTO document_text (rowid, body) VALUES (?, ?)");
        const loaded = call.commit((event) => {
          let added = 0;
          for (const body of source.each()) {
            const { changes, lastInsertRowid } = insert.run(sha256(body), body);
            if (changes === 0) continue;
            index.run(lastInsertRowid, body);
            added += 1;
          }
          event({
            action: "documents.loaded",
            object: source.sha256,
            details: { loaded: added, unchanged: source.count - added },
          });
          return added;
        });
        uploads.drop(input.source, call);
        kernel.changes.publish("documents");
        return { loaded, unchanged: source.count - loaded, total: count() };
      },
      count() {
        return { total: count() };
      },
    },

    search(query, limit, capBytes) {
      const match = ftsQuery(query);
      if (match === null) return { total: 0, hits: [] };
      const total = Number(
        store.prepare("SELECT count(*) FROM document_text WHERE document_text MATCH ?").pluck().get(match),
      );
      const found = store.prepare(
        `SELECT d.id, d.body FROM document_text t JOIN document d ON d.id = t.rowid
         WHERE document_text MATCH ? ORDER BY t.rowid LIMIT ?`,
      );
      const hits: Hit[] = [];
      let bytes = 0;
      // One at a time: a thousand may have a MiB each, and a peer chose the words.
      for (const hit of found.iterate(match, limit) as Iterable<Hit>) {
        bytes += Buffer.byteLength(hit.body) + 1;
        if (bytes > capBytes) break;
        hits.push(hit);
      }
      return { total, hits };
    },
  };
}
