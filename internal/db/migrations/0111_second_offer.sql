-- The secret of a second factor that waits for its first code is shown to the one session
-- that asked for it: another session of the officer, in whosever hands, does not see it.

ALTER TABLE account ADD COLUMN offered_to TEXT NOT NULL DEFAULT ''; -- hash of that session's secret; '' none
