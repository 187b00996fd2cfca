import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { expectVersion } from "../../station/stale-edit.ts";

interface Row {
  owner: string;
  name: string;
  query: string;
  shared: 0 | 1;
  version: number;
  saved_at: string;
}

/** More than this nobody finds a name in. */
const mostOwn = 200;

/** Searches under a name. What is for everyone is seen by everyone and changed by its owner alone. */
export function createSavedSearches({
  clock,
  changes,
  store,
}: Kernel): Pick<AreaHandlers<typeof contract.audit>, "searches" | "saveSearch" | "removeSearch"> {
  const list = store.prepare(
    "SELECT * FROM saved_search WHERE owner = ? OR shared = 1 ORDER BY name, owner = ? DESC",
  );
  const find = store.prepare("SELECT * FROM saved_search WHERE owner = ? AND name = ?");
  const sharedBy = store.prepare("SELECT owner FROM saved_search WHERE name = ? AND shared = 1").pluck();
  const count = store.prepare("SELECT count(*) FROM saved_search WHERE owner = ?").pluck();
  const write = store.prepare(
    `INSERT INTO saved_search (owner, name, query, shared, version, saved_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, shared = excluded.shared,
       version = excluded.version, saved_at = excluded.saved_at`,
  );
  const remove = store.prepare("DELETE FROM saved_search WHERE owner = ? AND name = ?");

  function found(owner: string, name: string): Row | undefined {
    return find.get(owner, name) as Row | undefined;
  }

  /** 0 stands for a name that is free. */
  function expectSeen(row: Row | undefined, name: string, version = 0): void {
    const fields = { query: row?.query ?? null, for: row === undefined ? null : view(row).for };
    expectVersion(version, { what: `Your saved search ${name}`, version: row?.version ?? 0, fields });
  }

  return {
    searches: (_input, call) => ({
      searches: (list.all(call.operator, call.operator) as Row[]).map(view),
    }),

    saveSearch(input, call) {
      call.commit((event) => {
        const row = found(call.operator, input.name);
        expectSeen(row, input.name, input.version);
        const other = sharedBy.get(input.name) as string | undefined;
        if (input.for === "everyone" && other !== undefined && other !== call.operator) {
          throw new Refusal("conflict", `${other} saved a search ${input.name} for everyone already.`, {
            path: "name",
          });
        }
        if (row === undefined && Number(count.get(call.operator)) >= mostOwn) {
          throw new Refusal("conflict", `You have ${mostOwn} saved searches: remove one first.`);
        }
        const shared = input.for === "everyone" ? 1 : 0;
        const version = (row?.version ?? 0) + 1;
        write.run(call.operator, input.name, input.query, shared, version, clock().toISOString());
        event({
          action: "audit.search-saved",
          object: input.name,
          details: { query: input.query, for: input.for, version },
        });
      });
      changes.publish("audit");
      return view(found(call.operator, input.name) as Row);
    },

    removeSearch(input, call) {
      call.commit((event) => {
        expectSeen(found(call.operator, input.name), input.name, input.version);
        remove.run(call.operator, input.name);
        event({ action: "audit.search-removed", object: input.name });
      });
      changes.publish("audit");
      return {};
    },
  };
}

function view(row: Row) {
  return {
    name: row.name,
    query: row.query,
    owner: row.owner,
    for: row.shared === 1 ? ("everyone" as const) : ("me" as const),
    version: row.version,
    savedAt: row.saved_at,
  };
}
