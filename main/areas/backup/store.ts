import type { Store } from "../../station/store/store.ts";

export interface BackupRow {
  readonly manifest_sha256: string;
  readonly folder: string;
  readonly made_by: string;
  readonly made_at: string;
  readonly checked_at: string | null;
  readonly events: number;
  readonly root: string;
  readonly bytes: number;
  readonly parts: number;
  readonly same_disk: 0 | 1;
}

export interface RestoreRow {
  readonly id: number;
  readonly manifest_sha256: string;
  readonly backup_at: string;
  readonly restored_by: string;
  readonly restored_at: string;
  readonly abandoned_lineage: string;
  readonly abandoned_events: number;
  readonly abandoned_root: string;
  readonly lineage: string;
  readonly known_events: number;
  readonly known_from: string;
  readonly reviewed_by: string | null;
  readonly reviewed_at: string | null;
}

export interface ItemRow {
  readonly kind: "operator" | "peer";
  readonly name: string;
  readonly was: string;
  readonly detail: string;
  readonly decision: "kept" | "taken" | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
}

/** SQL of backups, restores and their review. */
export function backupStore(store: Store) {
  return {
    addBackup(row: BackupRow): void {
      store
        .prepare(
          `INSERT INTO backup (manifest_sha256, folder, made_by, made_at, checked_at, events, root, bytes, parts, same_disk)
           VALUES (@manifest_sha256, @folder, @made_by, @made_at, @checked_at, @events, @root, @bytes, @parts, @same_disk)`,
        )
        .run(row);
    },
    backups(limit: number): BackupRow[] {
      return store
        .prepare("SELECT * FROM backup ORDER BY made_at DESC, id DESC LIMIT ?")
        .all(limit) as BackupRow[];
    },
    checked(manifestSha256: string, at: string): void {
      store.prepare("UPDATE backup SET checked_at = ? WHERE manifest_sha256 = ?").run(at, manifestSha256);
    },

    addRestore(row: Omit<RestoreRow, "id" | "reviewed_by" | "reviewed_at">): number {
      const { lastInsertRowid } = store
        .prepare(
          `INSERT INTO restore (manifest_sha256, backup_at, restored_by, restored_at, abandoned_lineage, abandoned_events,
             abandoned_root, lineage, known_events, known_from)
           VALUES (@manifest_sha256, @backup_at, @restored_by, @restored_at, @abandoned_lineage, @abandoned_events,
             @abandoned_root, @lineage, @known_events, @known_from)`,
        )
        .run(row);
      return Number(lastInsertRowid);
    },
    /** The last restore that nobody has finished reviewing. */
    openRestore(): RestoreRow | undefined {
      return store
        .prepare("SELECT * FROM restore WHERE reviewed_at IS NULL ORDER BY id DESC LIMIT 1")
        .get() as RestoreRow | undefined;
    },
    lastRestore(): RestoreRow | undefined {
      return store.prepare("SELECT * FROM restore ORDER BY id DESC LIMIT 1").get() as RestoreRow | undefined;
    },
    reviewed(restore: number, by: string, at: string): void {
      store
        .prepare("UPDATE restore SET reviewed_by = ?, reviewed_at = ? WHERE id <= ? AND reviewed_at IS NULL")
        .run(by, at, restore);
    },
    addItem(restore: number, item: Pick<ItemRow, "kind" | "name" | "was" | "detail">): void {
      store
        .prepare("INSERT INTO restore_item (restore, kind, name, was, detail) VALUES (?, ?, ?, ?, ?)")
        .run(restore, item.kind, item.name, item.was, item.detail);
    },
    items(restore: number): ItemRow[] {
      const sql = "SELECT * FROM restore_item WHERE restore = ? ORDER BY kind, name";
      return store.prepare(sql).all(restore) as ItemRow[];
    },
    decide(
      restore: number,
      { kind, name }: Pick<ItemRow, "kind" | "name">,
      decision: "kept" | "taken",
      by: string,
      at: string,
    ): void {
      store
        .prepare(
          "UPDATE restore_item SET decision = ?, decided_by = ?, decided_at = ? WHERE restore = ? AND kind = ? AND name = ?",
        )
        .run(decision, by, at, restore, kind, name);
    },
  };
}

export type BackupStore = ReturnType<typeof backupStore>;
