-- Retention by sealed segments. Bytes of events go; the tree and all proofs stay.

-- Blocks of events that were closed by a signed note, one after the other without a hole. A purge takes the oldest first.
CREATE TABLE audit_segment (
  id INTEGER PRIMARY KEY,
  from_seq INTEGER NOT NULL UNIQUE CHECK (from_seq % 256 = 1),
  to_seq INTEGER NOT NULL UNIQUE CHECK (to_seq % 256 = 0 AND to_seq > from_seq),
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL,
  -- SHA-256 of the events as JSON lines, 64 hex digits.
  sha256 TEXT NOT NULL,
  -- The signed text; says all of the above, and the tree before and after.
  note TEXT NOT NULL,
  sealed_at TEXT NOT NULL,
  -- An encrypted copy that was written and then read back whole.
  exported_at TEXT,
  exported_to TEXT,
  -- From the moment on which two persons agreed. The rows go in several transactions; `purged_at` ends them.
  purge_begun_at TEXT,
  purged_at TEXT,
  -- The signed text that stays instead of the events.
  stub TEXT,
  CHECK (purge_begun_at IS NULL OR (exported_at IS NOT NULL AND stub IS NOT NULL))
) STRICT;

-- What must not be purged, by the numbers of events, for a reason. `to_seq` null: and all that follows.
CREATE TABLE audit_hold (
  id INTEGER PRIMARY KEY,
  from_seq INTEGER NOT NULL,
  to_seq INTEGER,
  reason TEXT NOT NULL,
  set_at TEXT NOT NULL,
  set_by TEXT NOT NULL,
  lifted_at TEXT,
  lifted_by TEXT,
  lift_note TEXT
) STRICT;

-- The one way out of the log: a row of a segment whose purge has begun, that nothing holds, whose hash is kept in its tile.
DROP TRIGGER audit_event_no_delete;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
WHEN NOT EXISTS (
    SELECT 1 FROM audit_segment
    WHERE OLD.seq BETWEEN from_seq AND to_seq AND purge_begun_at IS NOT NULL AND purged_at IS NULL
  )
  OR EXISTS (
    SELECT 1 FROM audit_hold
    WHERE lifted_at IS NULL AND OLD.seq BETWEEN from_seq AND ifnull(to_seq, OLD.seq)
  )
  OR OLD.hash IS NOT (
    SELECT substr(hashes, (OLD.seq - 1) % 256 * 32 + 1, 32) FROM audit_tile WHERE position = (OLD.seq - 1) / 256
  )
BEGIN
  SELECT raise(ABORT, 'audit_event is append-only');
END;

CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
BEGIN
  SELECT raise(ABORT, 'audit_segment is append-only');
END;
