-- What stands beside the log: its stored tree, checkpoints, alarms and the index that search reads.

-- Interior nodes of the RFC 6962 tree whose subtree is complete, from level 8 (256 events) up. Smaller ones are recomputed
-- from the leaf hashes of one block, so that an append writes here once in 256 times and a proof reads two blocks at most.
CREATE TABLE audit_node (
  level INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- The earliest and latest time in each complete block of 256 events. Time does not decide order: a range of time is looked
-- up here and holds also when the clock was set back.
CREATE TABLE audit_block (
  position INTEGER PRIMARY KEY,
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL
) STRICT;

-- Signed heads (C2SP checkpoints), as they were given out.
CREATE TABLE audit_checkpoint (
  lineage TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (lineage, size)
) STRICT, WITHOUT ROWID;

-- The log is not what it was. An open alarm closes every change until a person has settled it.
CREATE TABLE audit_alarm (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  sentence TEXT NOT NULL,
  -- JSON: what was found, what was expected, where the evidence lies.
  evidence TEXT NOT NULL,
  raised_at TEXT NOT NULL,
  settled_at TEXT,
  settled_by TEXT,
  note TEXT
) STRICT;

-- One row: how far the search index reaches, whether a head file was ever written, and the last whole verification.
CREATE TABLE audit_standing (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  indexed INTEGER NOT NULL DEFAULT 0,
  head_file INTEGER NOT NULL DEFAULT 0,
  verified_size INTEGER,
  verified_root BLOB,
  verified_at TEXT
) STRICT;
INSERT INTO audit_standing (one) VALUES (1);

-- What search reads of an event. A leaf that is no JSON any more has nothing to say; `audit verify` names it. Of the details
-- it reads the JSON text itself, whose punctuation is no word, with each escape made a blank: `\n` before a word must not
-- become part of it. (json_each would say it shorter, but FTS5's own statements may not use a virtual table.)
CREATE VIEW audit_text_source AS
  SELECT seq, event ->> '$.actor' AS actor, event ->> '$.action' AS action, event ->> '$.object' AS object,
    event ->> '$.outcome' AS outcome,
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      replace(replace(replace(replace(replace(replace(
      event ->> '$.details'
     , '\\', ' '), '\n', ' '), '\r', ' '), '\t', ' '), '\b', ' '), '\f', ' '), '\u0001', ' '), '\u0002', ' ')
     , '\u0003', ' '), '\u0004', ' '), '\u0005', ' '), '\u0006', ' '), '\u0007', ' '), '\u000b', ' ')
     , '\u000e', ' '), '\u000f', ' '), '\u0010', ' '), '\u0011', ' '), '\u0012', ' '), '\u0013', ' ')
     , '\u0014', ' '), '\u0015', ' '), '\u0016', ' '), '\u0017', ' '), '\u0018', ' '), '\u0019', ' ')
     , '\u001a', ' '), '\u001b', ' '), '\u001c', ' '), '\u001d', ' '), '\u001e', ' '), '\u001f', ' ') AS details
  FROM (
    SELECT seq, CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN CAST(leaf AS TEXT) ELSE '{}' END AS event FROM audit_event
  );
CREATE VIRTUAL TABLE audit_text USING fts5 (
  actor, action, object, outcome, details,
  content = 'audit_text_source', content_rowid = 'seq', tokenize = 'unicode61'
);
