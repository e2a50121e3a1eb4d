-- How often nodes have told each other that something changed. A node that finds the
-- number ahead of what it heard has missed a message and refreshes its pages.

CREATE TABLE live_change (
	id BIGINT PRIMARY KEY CHECK (id = 1),
	n  BIGINT NOT NULL
);

INSERT INTO live_change (id, n) VALUES (1, 0);
