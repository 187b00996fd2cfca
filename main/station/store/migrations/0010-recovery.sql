-- Recovery sets: a key pair of their own, whose private half is on paper in shares and nowhere here.

CREATE TABLE recovery_set (
  number INTEGER PRIMARY KEY,
  -- A hash over all that the set is; printed on every share.
  id TEXT NOT NULL UNIQUE,
  threshold INTEGER NOT NULL,
  shares INTEGER NOT NULL,
  box_public BLOB NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  -- `offered` until a line of every share was typed back: no key is sealed to it before.
  state TEXT NOT NULL CHECK (state IN ('offered', 'current', 'replaced', 'used', 'dropped')),
  in_force_at TEXT,
  ended_at TEXT,
  -- `box_public` under the master key, so that nobody swaps it in the directory before a re-key seals to it.
  proof BLOB,
  proof_master INTEGER
) STRICT;
CREATE UNIQUE INDEX recovery_set_open ON recovery_set (state) WHERE state IN ('offered', 'current');

CREATE TABLE recovery_share (
  recovery_set INTEGER NOT NULL REFERENCES recovery_set (number),
  place INTEGER NOT NULL,
  -- Hash of the share, to say which one of several is wrong.
  commitment BLOB NOT NULL,
  -- The line that is typed back, and its hash; the hash goes when the set is in force.
  asked_line INTEGER NOT NULL,
  line_hash BLOB,
  PRIMARY KEY (recovery_set, place)
) STRICT;

-- Each proof that shares and a passphrase still open.
CREATE TABLE recovery_drill (
  id INTEGER PRIMARY KEY,
  recovery_set INTEGER NOT NULL REFERENCES recovery_set (number),
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  places TEXT NOT NULL
) STRICT;

-- Each time that shares opened the station for real. The banner stands until it was reviewed.
CREATE TABLE recovery_opening (
  id INTEGER PRIMARY KEY,
  recovery_set INTEGER NOT NULL REFERENCES recovery_set (number),
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  second TEXT,
  places TEXT NOT NULL,
  reviewed_at TEXT,
  reviewed_by TEXT,
  note TEXT
) STRICT;

-- Wrong tries with shares, in a row, across restarts.
CREATE TABLE recovery_door (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  failures INTEGER NOT NULL,
  wait_until TEXT
) STRICT;
INSERT INTO recovery_door (one, failures) VALUES (1, 0);
