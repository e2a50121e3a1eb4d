-- Notices (nhắc, báo tin): who is told what about which case, not before when.
-- They hold a kind and a case, never a text: the page is read under today's rights.

-- by key
CREATE TABLE notice (
	id        TEXT PRIMARY KEY,
	unit      TEXT NOT NULL,            -- told to the posts of a role in a unit …
	role      TEXT NOT NULL,            -- '' every post of the unit
	officer   TEXT NOT NULL,            -- … or to one officer
	case_id   TEXT NOT NULL REFERENCES casefile (id),
	kind      TEXT NOT NULL,
	at        TEXT NOT NULL,
	not_before TEXT NOT NULL,           -- quiet hours: shown from then on
	read_at   TEXT,
	read_by   TEXT NOT NULL DEFAULT ''
);

CREATE INDEX notice_unit ON notice (unit, not_before, id, role, case_id) WHERE read_at IS NULL AND unit <> '';
CREATE INDEX notice_officer ON notice (officer, not_before, id, case_id) WHERE read_at IS NULL AND officer <> '';
