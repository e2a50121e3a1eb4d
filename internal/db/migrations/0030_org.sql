-- The office: units, officers, the posts they hold, who may sign how, who stands in for
-- whom, who may read what. Rows are never deleted, they end. Every "since" is the first
-- day on which a row holds and every "until" the first day on which it no longer does
-- (NULL: standing); "from_day" and "to_day" are both inside, as the paper says them.

CREATE TABLE unit (
	id          TEXT PRIMARY KEY,
	parent      TEXT REFERENCES unit (id),  -- the unit above; NULL for the province
	owner       TEXT NOT NULL,              -- the agency whose acts it shares in; itself for an agency
	name        TEXT NOT NULL,              -- in full, understood standing alone
	short       TEXT NOT NULL,              -- as the office writes it in lists
	abbr        TEXT NOT NULL,              -- in the symbol of its papers; '' where none is known
	place       TEXT NOT NULL,              -- "xã Hy Cương"; '' but for a commune
	kind        TEXT NOT NULL,
	level       TEXT NOT NULL CHECK (level IN ('tinh', 'xa')),
	requested   BOOLEAN NOT NULL,           -- vertical body or company: asked, never bound
	invented    BOOLEAN NOT NULL,           -- made up for demonstration, shown so
	region      TEXT NOT NULL,              -- the area that desk officers are set by; '' outside communes
	former      TEXT NOT NULL,              -- units it was formed from
	source      TEXT NOT NULL,
	area_km2    DOUBLE PRECISION NOT NULL,
	population  BIGINT NOT NULL,
	lat         DOUBLE PRECISION NOT NULL,
	lon         DOUBLE PRECISION NOT NULL,
	ordinal     BIGINT NOT NULL,            -- the order in which lists show it
	since       TEXT NOT NULL,
	until       TEXT,
	merged_into TEXT REFERENCES unit (id),
	folded      TEXT NOT NULL               -- name, short form and abbreviation without marks
);

CREATE INDEX unit_owner ON unit (owner);

-- The names a unit had before.
CREATE TABLE unit_name (
	unit  TEXT NOT NULL REFERENCES unit (id),
	until TEXT NOT NULL,                    -- the day from which another name held
	name  TEXT NOT NULL,
	short TEXT NOT NULL,
	basis TEXT NOT NULL,                    -- the paper that changed it
	PRIMARY KEY (unit, until)
);

CREATE TABLE officer (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	folded   TEXT NOT NULL,
	email    TEXT NOT NULL,
	phone    TEXT NOT NULL,
	active   BOOLEAN NOT NULL,
	invented BOOLEAN NOT NULL
);

CREATE TABLE post (
	id       TEXT PRIMARY KEY,
	officer  TEXT NOT NULL REFERENCES officer (id),
	unit     TEXT NOT NULL REFERENCES unit (id),
	section  TEXT REFERENCES unit (id),     -- NULL: above the sections
	role     TEXT NOT NULL,
	title    TEXT NOT NULL,
	deputy   BOOLEAN NOT NULL,
	acting   BOOLEAN NOT NULL,              -- signs as head with Q.
	since    TEXT NOT NULL,
	until    TEXT
);

CREATE INDEX post_officer ON post (officer);
CREATE INDEX post_unit ON post (unit);

-- Phân công phụ trách: standing until replaced.
CREATE TABLE charge (
	id      TEXT PRIMARY KEY,
	officer TEXT NOT NULL REFERENCES officer (id),
	unit    TEXT NOT NULL REFERENCES unit (id),
	whole   BOOLEAN NOT NULL,               -- the unit's whole work
	number  TEXT NOT NULL,
	dated   TEXT NOT NULL,
	since   TEXT NOT NULL,
	until   TEXT
);

CREATE INDEX charge_officer ON charge (officer);
CREATE INDEX charge_unit ON charge (unit);

CREATE TABLE charge_scope (
	charge TEXT NOT NULL REFERENCES charge (id),
	kind   TEXT NOT NULL CHECK (kind IN ('field', 'area')),  -- area: a unit looked after
	value  TEXT NOT NULL,
	PRIMARY KEY (charge, kind, value)
);

-- Ký thừa lệnh: which head signs which papers of the unit, and what text says so.
CREATE TABLE by_order (
	id     TEXT PRIMARY KEY,
	unit   TEXT NOT NULL REFERENCES unit (id),  -- whose papers
	signer TEXT NOT NULL REFERENCES unit (id),  -- whose head signs them
	kind   TEXT NOT NULL,                       -- kind of paper; '' any
	field  TEXT NOT NULL,                       -- '' any
	basis  TEXT NOT NULL,
	since  TEXT NOT NULL,
	until  TEXT
);

CREATE INDEX by_order_unit ON by_order (unit);

-- Uỷ quyền: in writing, with a scope and an end.
CREATE TABLE authorisation (
	id       TEXT PRIMARY KEY,
	unit     TEXT NOT NULL REFERENCES unit (id),
	giver    TEXT NOT NULL REFERENCES officer (id),
	taker    TEXT NOT NULL REFERENCES officer (id),
	ceiling  BIGINT NOT NULL,               -- highest value of a matter in đồng; 0: no ceiling stated
	number   TEXT NOT NULL,
	dated    TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day   TEXT NOT NULL,
	revoked  TEXT                           -- the day from which it was withdrawn
);

CREATE INDEX authorisation_taker ON authorisation (taker);
CREATE INDEX authorisation_unit ON authorisation (unit);

CREATE TABLE authorisation_scope (
	authorisation TEXT NOT NULL REFERENCES authorisation (id),
	kind          TEXT NOT NULL CHECK (kind IN ('paper', 'field')),
	value         TEXT NOT NULL,
	PRIMARY KEY (authorisation, kind, value)
);

-- Làm thay: work and reminders go to another; no signature, and of reading only what
-- was addressed to the covered officer himself.
CREATE TABLE cover (
	id       TEXT PRIMARY KEY,
	officer  TEXT NOT NULL REFERENCES officer (id),
	stand_in TEXT NOT NULL REFERENCES officer (id),
	reason   TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day   TEXT NOT NULL,
	ended    TEXT                           -- the day from which it was called off
);

CREATE INDEX cover_officer ON cover (officer);
CREATE INDEX cover_stand_in ON cover (stand_in);

-- Đầu mối of a unit for a field ('' any).
CREATE TABLE contact (
	unit    TEXT NOT NULL REFERENCES unit (id),
	field   TEXT NOT NULL,
	officer TEXT NOT NULL REFERENCES officer (id),
	deputy  TEXT REFERENCES officer (id),
	since   TEXT NOT NULL,
	until   TEXT,
	PRIMARY KEY (unit, field, since)
);

-- The Office's officers who follow a field ('' any) and an area ('' any).
CREATE TABLE desk (
	field   TEXT NOT NULL,
	area    TEXT NOT NULL,                  -- a unit, or a region of units
	officer TEXT NOT NULL REFERENCES officer (id),
	since   TEXT NOT NULL,
	until   TEXT,
	PRIMARY KEY (field, area, since)
);

-- A unit's own path for its papers; a unit without rows walks the default ('' unit).
-- by key
CREATE TABLE path_step (
	unit  TEXT NOT NULL,
	kind  TEXT NOT NULL,                    -- kind of paper; '' any
	n     BIGINT NOT NULL,
	step  TEXT NOT NULL CHECK (step IN ('draft', 'review', 'sign', 'release')),
	role  TEXT NOT NULL,
	post  TEXT REFERENCES post (id),        -- one post only; NULL: whoever has the role
	since TEXT NOT NULL,
	until TEXT,
	PRIMARY KEY (unit, kind, since, n)
);

-- Units whose people oversee every case of a kind (theo dõi, đôn đốc).
CREATE TABLE oversight (
	unit  TEXT NOT NULL REFERENCES unit (id),
	kind  TEXT NOT NULL,
	since TEXT NOT NULL,
	until TEXT,
	PRIMARY KEY (unit, kind, since)
);

-- What an officer may read: "u:" a unit, "o:" what is addressed to one officer, "k:" every
-- case of a kind. Derived from posts, covers and oversight; written by org only.
-- by key
CREATE TABLE membership (
	actor  TEXT NOT NULL REFERENCES officer (id),
	reader TEXT NOT NULL,
	PRIMARY KEY (actor, reader)
);

CREATE INDEX membership_reader ON membership (reader);

-- One row. Its numbers grow with every change of units or of people, so that what a node
-- keeps in memory is read again; turned is the day membership was last brought up to.
CREATE TABLE org_change (
	id     BIGINT PRIMARY KEY CHECK (id = 1),
	units  BIGINT NOT NULL,
	people BIGINT NOT NULL,
	turned TEXT NOT NULL
);

INSERT INTO org_change (id, units, people, turned) VALUES (1, 0, 0, '');

-- Who changed what in the office.
CREATE TABLE org_log (
	id     TEXT PRIMARY KEY,
	at     TEXT NOT NULL,
	actor  TEXT NOT NULL,                   -- an officer, or "system:" and a part of the program
	act    TEXT NOT NULL,
	unit   TEXT NOT NULL,
	target TEXT NOT NULL,
	was    TEXT NOT NULL,                   -- JSON; '' when there was nothing before
	became TEXT NOT NULL
);

CREATE INDEX org_log_unit ON org_log (unit, id);
