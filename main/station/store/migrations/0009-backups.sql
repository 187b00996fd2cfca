-- Backups that this station made, and the restores that it has been through.

CREATE TABLE backup (
  id INTEGER PRIMARY KEY,
  manifest_sha256 TEXT NOT NULL,
  -- Where it was written; a medium may be elsewhere since.
  folder TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  -- Opened whole and compared after that; null while nobody has.
  checked_at TEXT,
  events INTEGER NOT NULL,
  root TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  -- 1 where it lies on the disk of the station itself.
  same_disk INTEGER NOT NULL
) STRICT;

-- A restore. While `reviewed_at` is null, export and import are closed.
CREATE TABLE restore (
  id INTEGER PRIMARY KEY,
  manifest_sha256 TEXT NOT NULL,
  backup_at TEXT NOT NULL,
  restored_by TEXT NOT NULL,
  restored_at TEXT NOT NULL,
  abandoned_lineage TEXT NOT NULL,
  abandoned_events INTEGER NOT NULL,
  abandoned_root TEXT NOT NULL,
  lineage TEXT NOT NULL,
  -- How far the abandoned log is known to have gone, from a head file beside it or a peer's cosignature.
  known_events INTEGER NOT NULL,
  known_from TEXT NOT NULL,
  reviewed_by TEXT,
  reviewed_at TEXT
) STRICT;

-- What an old copy brings back, one row each, until a person has confirmed it or taken it away.
CREATE TABLE restore_item (
  restore INTEGER NOT NULL REFERENCES restore (id),
  kind TEXT NOT NULL CHECK (kind IN ('operator', 'peer')),
  name TEXT NOT NULL,
  -- As it was in the backup.
  was TEXT NOT NULL,
  detail TEXT NOT NULL,
  decision TEXT CHECK (decision IN ('kept', 'taken')),
  decided_by TEXT,
  decided_at TEXT,
  PRIMARY KEY (restore, kind, name)
) STRICT, WITHOUT ROWID;

-- A batch of ours that its peer had and has lost by a restore: carried again until the peer's `have` has passed it.
ALTER TABLE batch ADD COLUMN lost_by_peer INTEGER NOT NULL DEFAULT 0;
