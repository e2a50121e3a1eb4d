-- What one officer has read of the notices told to a unit: a leader who opens one must not
-- hide it from the clerk. Notices to one officer keep their mark in their own row. Marks
-- older than a unit's notices are news are taken away when the officer reads again.

CREATE TABLE notice_read (
	officer TEXT NOT NULL,
	notice  TEXT NOT NULL REFERENCES notice (id),
	at      TEXT NOT NULL,
	PRIMARY KEY (officer, notice)
);
