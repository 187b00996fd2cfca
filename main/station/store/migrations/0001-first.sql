-- The first schema. Words are those of docs/format.md and product.md; times are UTC text.

-- Who this station is. One row.
CREATE TABLE station (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('request', 'response')),
  people TEXT NOT NULL CHECK (people IN ('one', 'two')),
  lineage TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Operators and their key pairs. The passphrase wraps only the pair; the pair opens the master key.
CREATE TABLE operator (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'removed')),
  created_at TEXT NOT NULL,
  signed_in_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  wait_until TEXT
) STRICT;

CREATE TABLE operator_key (
  operator INTEGER NOT NULL REFERENCES operator (id),
  version INTEGER NOT NULL,
  memory_kib INTEGER NOT NULL,
  passes INTEGER NOT NULL,
  salt BLOB NOT NULL,
  box_public BLOB NOT NULL,
  approval_public BLOB NOT NULL,
  wrapped BLOB NOT NULL,
  created_at TEXT NOT NULL,
  retired_at TEXT,
  PRIMARY KEY (operator, version)
) STRICT;

CREATE TABLE master_key (
  version INTEGER PRIMARY KEY,
  created_at TEXT NOT NULL,
  retired_at TEXT
) STRICT;

-- The master key sealed to a public half: an operator's, or the recovery set's.
CREATE TABLE master_key_grant (
  master_version INTEGER NOT NULL REFERENCES master_key (version),
  holder TEXT NOT NULL CHECK (holder IN ('operator', 'recovery')),
  holder_id INTEGER NOT NULL,
  holder_key_version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (master_version, holder, holder_id)
) STRICT;

CREATE TABLE station_key (
  purpose TEXT NOT NULL CHECK (purpose IN ('signing', 'age', 'log', 'witness', 'vault', 'backup')),
  version INTEGER NOT NULL,
  master_version INTEGER NOT NULL REFERENCES master_key (version),
  public TEXT,
  wrapped BLOB NOT NULL,
  created_at TEXT NOT NULL,
  retired_at TEXT,
  revoked_at TEXT,
  PRIMARY KEY (purpose, version)
) STRICT;

CREATE TABLE card (
  serial INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- The log. A leaf is the stored canonical bytes; the columns repeat it for search and are checked against it.
CREATE TABLE audit_event (
  seq INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL,
  -- RFC 6962 leaf hash of `leaf`; lets a check name the first bad row.
  hash BLOB NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL
) STRICT;
CREATE INDEX audit_event_action ON audit_event (action, seq);

-- RFC 6962 compact range of the tree over all leaves: the roots of its perfect subtrees, largest first.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  subtrees BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (one, size, subtrees) VALUES (1, 0, x'');

CREATE TRIGGER audit_event_append BEFORE INSERT ON audit_event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
BEGIN
  SELECT raise(ABORT, 'audit_event takes only the next number');
END;
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN
  SELECT raise(ABORT, 'audit_event is append-only');
END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
  SELECT raise(ABORT, 'audit_event is append-only');
END;

CREATE TABLE peer (
  id INTEGER PRIMARY KEY,
  station TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  side TEXT NOT NULL CHECK (side IN ('request', 'response')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'trusted', 'revoked')),
  -- The lineage taken with the trust, and a later one that waits to be accepted.
  lineage TEXT,
  offered_lineage TEXT,
  -- What the peer last said that it holds of our batches (manifest, have).
  have_lineage TEXT,
  have_through INTEGER NOT NULL DEFAULT 0,
  have_also TEXT NOT NULL DEFAULT '[]',
  have_safe_through INTEGER NOT NULL DEFAULT 0,
  added_at TEXT NOT NULL,
  trusted_at TEXT
) STRICT;

-- Cards are versions of a peer's keys. `current` and `replaced` verify, for what was sealed before a rotation; `offered` waits.
CREATE TABLE peer_card (
  peer INTEGER NOT NULL REFERENCES peer (id),
  serial INTEGER NOT NULL,
  text TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  signing_key BLOB NOT NULL,
  age_recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('offered', 'current', 'replaced', 'revoked')),
  added_at TEXT NOT NULL,
  PRIMARY KEY (peer, serial)
) STRICT;

-- The ledger. `own` = 1: ours, to the peer; 0: the peer's, to us. `sealing` has no number yet.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  peer INTEGER NOT NULL REFERENCES peer (id),
  own INTEGER NOT NULL CHECK (own IN (0, 1)),
  lineage TEXT NOT NULL,
  sequence INTEGER,
  batch TEXT,
  sha256 TEXT,
  previous TEXT,
  state TEXT NOT NULL CHECK (
    state IN ('sealing', 'sealed', 'copied', 'importing', 'verified', 'imported', 'refused', 'voided', 'held', 'skipped')
  ),
  reason TEXT,
  -- The bytes of batch.json, exactly.
  envelope BLOB,
  -- The manifest of an incoming batch, once opened.
  manifest BLOB,
  -- 1 when the batch holds receipts alone, so that it needs no receipt of its own.
  receipts_only INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  -- Import cursor: the next part (position in the manifest) and line of it to stage.
  next_part INTEGER NOT NULL DEFAULT 0,
  next_line INTEGER NOT NULL DEFAULT 1,
  -- Cursor of the handlers over this batch's requests (record.seq); handled when it is done.
  handled_seq INTEGER NOT NULL DEFAULT 0,
  handled INTEGER NOT NULL DEFAULT 0,
  read_back TEXT CHECK (read_back IN ('remounted', 'direct', 'none')),
  medium TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  copied_at TEXT,
  settled_at TEXT,
  UNIQUE (peer, own, lineage, sequence)
) STRICT;
CREATE INDEX batch_sha256 ON batch (sha256);
CREATE INDEX batch_batch ON batch (batch);
CREATE INDEX batch_state ON batch (own, state);

CREATE TABLE batch_part (
  batch INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  plain_bytes INTEGER NOT NULL,
  plain_sha256 TEXT NOT NULL,
  records INTEGER NOT NULL,
  PRIMARY KEY (batch, position)
) STRICT;

-- Volumes of our own batches, each with the media that it was begun on. The tag manifest stands for what the
-- volume holds: a k is never used for a second content.
CREATE TABLE batch_volume (
  batch INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  volume INTEGER NOT NULL,
  medium TEXT NOT NULL,
  tagmanifest_sha256 TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  written_at TEXT,
  read_back TEXT,
  PRIMARY KEY (batch, volume, medium)
) STRICT;

-- Every record, ours (origin 0) and each peer's (origin = peer.id). A row of ours never changes: the lot that it lies
-- in says which batch carries it. `batch` is the batch that brought a peer's record, null for ours.
-- A peer's row counts as here only when its batch is `imported`. Numbers are never used again: lots count on it.
CREATE TABLE record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  origin INTEGER NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('request', 'response', 'receipt')),
  created_at TEXT NOT NULL,
  -- Destination that the submitter of ours named (null: the next export takes it), sender of a peer's.
  peer INTEGER REFERENCES peer (id),
  batch INTEGER REFERENCES batch (id),
  -- Place of a peer's record in its batch: number of the part, and line from 1.
  part INTEGER,
  line INTEGER,
  -- SHA-256 of the line's bytes: tells a duplicate from a conflict.
  sha256 BLOB,
  kind TEXT,
  user TEXT,
  -- request.body and response.body: the exact text. receipt: the payload.
  body TEXT NOT NULL,
  -- response.request; for a receipt the batch it is about.
  request TEXT,
  -- response.status; for a receipt its state.
  status TEXT,
  -- receipt.signature.
  signature TEXT,
  UNIQUE (origin, id, revision)
) STRICT;
-- With the type, so that counting what a batch brought reads no row.
CREATE INDEX record_batch ON record (batch, seq, type) WHERE batch IS NOT NULL;
-- Plans the parts of a batch without touching a body.
CREATE INDEX record_own ON record (peer, seq, type, octet_length(body)) WHERE origin = 0;
CREATE INDEX record_request ON record (seq) WHERE type = 'request';
CREATE UNIQUE INDEX record_answer ON record (origin, peer, request) WHERE type = 'response';

-- Which batch carries our records. A lot is all of ours for one destination (a peer's id, or 0 where none was named) with
-- numbers above the lot before, up to `to_seq`; without a batch it waits again. Claiming a million records, or giving
-- them up, changes one row. What lies above the last lot waits as well.
CREATE TABLE lot (
  destination INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  batch INTEGER REFERENCES batch (id),
  PRIMARY KEY (destination, to_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_batch ON lot (batch);

-- Ranges of our records that wait: from_seq < seq <= to_seq.
CREATE VIEW waiting_lot AS
  SELECT destination, to_seq,
    coalesce((SELECT max(b.to_seq) FROM lot b WHERE b.destination = lot.destination AND b.to_seq < lot.to_seq), 0) AS from_seq
  FROM lot WHERE batch IS NULL
  UNION ALL
  SELECT d.destination, 9223372036854775807,
    coalesce((SELECT max(b.to_seq) FROM lot b WHERE b.destination = d.destination), 0)
  FROM (SELECT 0 AS destination UNION ALL SELECT id FROM peer) d;

-- Exceptions that a peer's receipts listed about our records.
CREATE TABLE receipt_exception (
  batch INTEGER NOT NULL REFERENCES batch (id),
  part TEXT NOT NULL,
  line INTEGER NOT NULL,
  type TEXT,
  record_id TEXT,
  verdict TEXT NOT NULL CHECK (verdict IN ('duplicate', 'quarantined')),
  reason TEXT,
  PRIMARY KEY (batch, part, line)
) STRICT;
CREATE INDEX receipt_exception_record ON receipt_exception (record_id);

CREATE TABLE quarantine_line (
  batch INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  -- The first MiB.
  kept BLOB NOT NULL,
  type TEXT,
  record_id TEXT,
  PRIMARY KEY (batch, part, line)
) STRICT;

-- Lines that were here already, byte for byte: the receipt lists them.
CREATE TABLE duplicate_line (
  batch INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  line INTEGER NOT NULL,
  type TEXT NOT NULL,
  record_id TEXT NOT NULL,
  PRIMARY KEY (batch, part, line)
) STRICT;

-- Envelopes that were refused or kept as evidence (fork, foreign lineage), by their hash.
CREATE TABLE quarantine_batch (
  sha256 TEXT NOT NULL,
  peer INTEGER REFERENCES peer (id),
  bag TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  envelope BLOB NOT NULL,
  signature BLOB,
  tagmanifest BLOB,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (sha256, state)
) STRICT;

-- Checkpoints of a peer's log and its cosignatures of ours, as they came.
CREATE TABLE peer_checkpoint (
  batch INTEGER PRIMARY KEY REFERENCES batch (id) ON DELETE CASCADE,
  peer INTEGER NOT NULL REFERENCES peer (id),
  checkpoint TEXT,
  witnessed TEXT
) STRICT;

-- What the handler `search` searches.
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE document_text USING fts5 (body, content = 'document', content_rowid = 'id', tokenize = 'unicode61');
