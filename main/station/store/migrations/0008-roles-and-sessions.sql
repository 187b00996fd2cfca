-- How far each role of an operator reaches, as JSON: {"operator": {"peer": ["high"]}}. A role that is not in it is not
-- narrowed.
ALTER TABLE operator ADD COLUMN narrowing TEXT NOT NULL DEFAULT '{}';
ALTER TABLE invitation ADD COLUMN narrowing TEXT NOT NULL DEFAULT '{}';

-- A service operator: a JSON list of the only operations that this login may do. Null for a person.
ALTER TABLE operator ADD COLUMN operations TEXT;
ALTER TABLE invitation ADD COLUMN operations TEXT;

-- A session that outlives its process. It holds no key: its operator's passphrase opens it again.
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  operator INTEGER NOT NULL REFERENCES operator (id),
  -- SHA-256 of what the window keeps to say which session it had; it opens nothing by itself.
  token_hash BLOB NOT NULL UNIQUE,
  face TEXT NOT NULL,
  device TEXT NOT NULL,
  started_at TEXT NOT NULL,
  used_at TEXT NOT NULL,
  idle_until TEXT NOT NULL,
  absolute_until TEXT NOT NULL
) STRICT;
