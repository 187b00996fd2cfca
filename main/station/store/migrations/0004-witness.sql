-- What each side has witnessed of the other's log, over the batches between them.

CREATE TABLE peer_log (
  peer INTEGER PRIMARY KEY REFERENCES peer (id),
  -- The head of the peer's log that was last found consistent, and the note that says it.
  lineage TEXT,
  size INTEGER NOT NULL DEFAULT 0,
  root BLOB,
  note TEXT,
  seen_at TEXT,
  -- How far our log goes that the peer was sent last, and that the peer's cosignature proves it has seen; in our lineage.
  own_lineage TEXT,
  sent_size INTEGER NOT NULL DEFAULT 0,
  witnessed_size INTEGER NOT NULL DEFAULT 0,
  witnessed_note TEXT,
  witnessed_at TEXT
) STRICT;

-- A peer's log that contradicts itself or us. Stays until people have looked and accepted what the peer says now.
CREATE TABLE peer_log_alarm (
  batch INTEGER PRIMARY KEY REFERENCES batch (id) ON DELETE CASCADE,
  peer INTEGER NOT NULL REFERENCES peer (id),
  verdict TEXT NOT NULL,
  -- What the peer claims; null where its note says nothing that holds.
  size INTEGER,
  root BLOB,
  note TEXT NOT NULL,
  raised_at TEXT NOT NULL,
  settled_at TEXT
) STRICT;
CREATE INDEX peer_log_alarm_open ON peer_log_alarm (peer) WHERE settled_at IS NULL;
