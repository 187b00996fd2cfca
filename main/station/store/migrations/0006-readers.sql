-- What readers of the log keep: searches with a name, and who signed for a shift or a report.

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  -- Counts its changes: compare and set.
  version INTEGER NOT NULL,
  saved_at TEXT NOT NULL,
  UNIQUE (owner, name)
) STRICT;
-- A name that everyone sees means one search.
CREATE UNIQUE INDEX saved_search_shared ON saved_search (name) WHERE shared = 1;

-- A signature under the log's head or under a report, by an operator's own approval key, and a second one. The signed
-- message names the log's size and root; the events `signoffs.signed` and `signoffs.countersigned` carry both signatures.
CREATE TABLE signoff (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  lineage TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  -- SHA-256 of the report's file; null where the log's head itself is signed.
  sha256 TEXT,
  note TEXT NOT NULL,
  signer TEXT NOT NULL,
  signer_public BLOB NOT NULL,
  signature BLOB NOT NULL,
  signed_at TEXT NOT NULL,
  counter_signer TEXT,
  counter_public BLOB,
  counter_signature BLOB,
  counter_at TEXT
) STRICT;
CREATE INDEX signoff_kind ON signoff (kind, size);
