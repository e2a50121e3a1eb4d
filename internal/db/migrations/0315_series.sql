-- What a directive asks for again and again can be handed to another unit and can end: who has
-- it today, and the first day on which no occasion of it falls any more.

ALTER TABLE assignment_series ADD COLUMN held_by TEXT NOT NULL DEFAULT ''; -- the unit, where it is not lead any more
ALTER TABLE assignment_series ADD COLUMN ends_on TEXT NOT NULL DEFAULT ''; -- a day; '' runs on
