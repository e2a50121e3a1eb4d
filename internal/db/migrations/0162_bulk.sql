-- One act on many items that were picked in a list (phân công, đôn đốc hàng loạt): each is done
-- by its own operation and leaves its own line. And the views of lists that officers keep.

-- by key
CREATE TABLE bulk (
	id      TEXT PRIMARY KEY,
	officer TEXT NOT NULL,        -- for whom it is done, with his rights of the moment of each item
	post    TEXT NOT NULL,
	act     TEXT NOT NULL,        -- direct, urge
	input   TEXT NOT NULL,        -- JSON: instruction and people; emptied with the last line: the words stand in each case
	at      TEXT NOT NULL,
	open    BIGINT NOT NULL       -- lines that are not done yet
);

CREATE INDEX bulk_open ON bulk (at, id) WHERE open > 0;

CREATE TABLE bulk_line (
	bulk    TEXT NOT NULL REFERENCES bulk (id),
	n       BIGINT NOT NULL,
	case_id TEXT NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
	say     TEXT NOT NULL,        -- why it was refused
	PRIMARY KEY (bulk, n)
);

CREATE TABLE list_view (
	id      TEXT PRIMARY KEY,
	officer TEXT NOT NULL,        -- who keeps it
	unit    TEXT NOT NULL,        -- '' his own; else shown to everybody of the unit
	list    TEXT NOT NULL,        -- petitions, search
	name    TEXT NOT NULL,
	query   TEXT NOT NULL,        -- the filter as it stands in the address
	at      TEXT NOT NULL
);

CREATE INDEX list_view_officer ON list_view (officer, list, id);
CREATE INDEX list_view_unit ON list_view (unit, list, id) WHERE unit <> '';
