-- A fork that two persons have looked at and settled. The evidence stays; what the ledger holds stays.
ALTER TABLE quarantine_batch ADD COLUMN settled_at TEXT;
ALTER TABLE quarantine_batch ADD COLUMN settled_by TEXT;
ALTER TABLE quarantine_batch ADD COLUMN settled_note TEXT;
