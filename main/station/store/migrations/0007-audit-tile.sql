-- Leaf hashes of 256 events whose bytes were purged, 32 bytes each: a level-0 tile of C2SP tlog-tiles, whose pruning is the
-- model. The tree, and every proof that stands on it, stays.
CREATE TABLE audit_tile (
  position INTEGER PRIMARY KEY,
  hashes BLOB NOT NULL CHECK (length(hashes) = 8192)
) STRICT;
CREATE TRIGGER audit_tile_no_update BEFORE UPDATE ON audit_tile
BEGIN
  SELECT raise(ABORT, 'audit_tile is append-only');
END;
CREATE TRIGGER audit_tile_no_delete BEFORE DELETE ON audit_tile
BEGIN
  SELECT raise(ABORT, 'audit_tile is append-only');
END;
