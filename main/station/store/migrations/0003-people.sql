-- People: invitations, standing of operators, second factor, approvals.

-- Who let an operator in, and who last changed what the operator may do: both are excluded from approving for
-- the other for a while (trust.md, People).
ALTER TABLE operator ADD COLUMN enrolled_by TEXT;
ALTER TABLE operator ADD COLUMN raised_by TEXT;
ALTER TABLE operator ADD COLUMN raised_at TEXT;
ALTER TABLE operator ADD COLUMN disabled_at TEXT;
ALTER TABLE operator ADD COLUMN disabled_why TEXT;

-- When a second approver was first enrolled: from then on nobody is let in by one person alone.
ALTER TABLE station ADD COLUMN second_approver_at TEXT;
ALTER TABLE station ADD COLUMN profile TEXT NOT NULL DEFAULT 'nist' CHECK (profile IN ('nist', 'stig'));

-- An invitation holds no key of the station. The invited person makes a key pair; an administrator who has
-- heard the words of that pair confirms, and only then the master key is sealed to it.
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  code_hash BLOB NOT NULL,
  invited_by TEXT NOT NULL,
  invited_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  accepted_at TEXT,
  memory_kib INTEGER,
  passes INTEGER,
  salt BLOB,
  box_public BLOB,
  approval_public BLOB,
  wrapped BLOB,
  settled_at TEXT,
  outcome TEXT CHECK (outcome IN ('confirmed', 'withdrawn'))
) STRICT;
CREATE UNIQUE INDEX invitation_name ON invitation (name) WHERE settled_at IS NULL;

-- TOTP (RFC 6238). The secret lies under a key derived from the operator's own secrets.
CREATE TABLE second_factor (
  operator INTEGER PRIMARY KEY REFERENCES operator (id),
  wrapped BLOB NOT NULL,
  created_at TEXT NOT NULL,
  -- Null until one code was given back: an unconfirmed factor asks for nothing.
  confirmed_at TEXT,
  -- The newest step that was accepted; no step is accepted twice, nor an older one.
  last_step INTEGER NOT NULL DEFAULT 0,
  -- Steps of 30 s by which the operator's device was off when last seen.
  drift_steps INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_code (
  operator INTEGER NOT NULL REFERENCES operator (id),
  hash BLOB NOT NULL,
  used_at TEXT,
  PRIMARY KEY (operator, hash)
) STRICT;

-- A step that waits for a second person. `input` is what the approver reads; secrets are not in it.
CREATE TABLE approval (
  id TEXT PRIMARY KEY,
  operation TEXT NOT NULL,
  requester TEXT NOT NULL,
  input TEXT NOT NULL,
  input_sha256 TEXT NOT NULL,
  -- SHA-256 over operation, input, the state that it acts on, station and lineage.
  digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'void', 'used')),
  reason TEXT,
  requested_at TEXT NOT NULL,
  approve_by TEXT NOT NULL,
  approver TEXT,
  approver_public BLOB,
  signature BLOB,
  decided_at TEXT,
  execute_by TEXT,
  used_at TEXT
) STRICT;
CREATE INDEX approval_open ON approval (operation, requester) WHERE state IN ('waiting', 'approved');
