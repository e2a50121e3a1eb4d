-- How often the things changed that every node keeps in memory: units and people of the
-- office, the rulebook in force, the calendars. A transaction reads these few rows once
-- and then knows whether what its node keeps still holds.

-- by key
CREATE TABLE version (
	name TEXT PRIMARY KEY, -- what changed: 'org.people'
	n    BIGINT NOT NULL
);

INSERT INTO version (name, n) SELECT 'org.units', units FROM org_change;
INSERT INTO version (name, n) SELECT 'org.people', people FROM org_change;
INSERT INTO version (name, n) SELECT 'regulation', count(*) FROM rulebook_adoption;
INSERT INTO version (name, n) SELECT 'calendar', count(*) FROM calendar_revision;
