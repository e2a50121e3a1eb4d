-- A node that begins reads the bank in the order of its changes, a little at a time: each
-- time from where it stopped.
CREATE INDEX bank_entry_change ON bank_entry (changed, case_id);
