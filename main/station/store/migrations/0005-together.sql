-- Several people at once: a row that people edit carries a version, and who saves names the one that they read.

ALTER TABLE operator ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE note (
  about TEXT NOT NULL CHECK (about IN ('peer', 'alarms')),
  peer INTEGER NOT NULL REFERENCES peer (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (about, peer)
) STRICT;
