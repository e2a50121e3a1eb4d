-- A paper's way through its unit (dự thảo, trình, ký, phát hành), the registers where
-- documents get their numbers, and a matter's way down a unit (ý kiến chỉ đạo, phân công).

CREATE TABLE paper (
	id             TEXT PRIMARY KEY,
	case_id        TEXT NOT NULL REFERENCES casefile (id),
	kind           TEXT NOT NULL,            -- the slice's name: petition.answer
	unit           TEXT NOT NULL,            -- whose paper it is
	section        TEXT NOT NULL,            -- of the drafter; '' above sections
	title          TEXT NOT NULL,            -- trích yếu, of the newest version
	guidance       BOOLEAN NOT NULL,         -- hướng dẫn nghiệp vụ: released without a number
	state          TEXT NOT NULL CHECK (state IN ('draft', 'review', 'sign', 'release', 'released', 'dropped')),
	path           TEXT NOT NULL,            -- JSON: the unit's steps as they were when it was last submitted
	step           BIGINT NOT NULL,          -- where it stands on the path, from 1; 0 with its drafter
	waiting        TEXT NOT NULL,            -- whose turn: 'o:' officer, 'p:' post, 'r:' unit|role|section; '' when done
	returned       BOOLEAN NOT NULL,         -- sent back to the drafter and not yet submitted again
	version        BIGINT NOT NULL,          -- of the text: paper_version.v
	steps          BIGINT NOT NULL,          -- rows of paper_step
	drafted_by     TEXT NOT NULL,
	capacity       TEXT NOT NULL DEFAULT '', -- thể thức đề ký
	basis          TEXT NOT NULL DEFAULT '', -- what the capacity rested on when it was signed
	signer         TEXT NOT NULL DEFAULT '',
	signer_name    TEXT NOT NULL DEFAULT '',
	signer_title   TEXT NOT NULL DEFAULT '',
	signed_version BIGINT NOT NULL DEFAULT 0,
	number         TEXT NOT NULL DEFAULT '', -- "37"
	symbol         TEXT NOT NULL DEFAULT '', -- "37/STP-HCTP"
	issued_on      TEXT NOT NULL DEFAULT '',
	register_n     BIGINT NOT NULL DEFAULT 0, -- number in the unit's own register; 0: the document system's
	outer_id       TEXT NOT NULL DEFAULT '', -- its id in the province's document system
	created_at     TEXT NOT NULL,
	moved_at       TEXT NOT NULL,            -- since when it waits where it is
	signed_at      TEXT,
	released_at    TEXT
);

CREATE INDEX paper_case ON paper (case_id, id);
CREATE INDEX paper_waiting ON paper (waiting, moved_at, id) WHERE waiting <> '';

-- Every text a paper had: who changed what.
CREATE TABLE paper_version (
	paper TEXT NOT NULL REFERENCES paper (id),
	v     BIGINT NOT NULL,
	title TEXT NOT NULL,
	body  TEXT NOT NULL,                      -- JSON of the slice
	by    TEXT NOT NULL,
	at    TEXT NOT NULL,
	note  TEXT NOT NULL,
	PRIMARY KEY (paper, v)
);

-- What was done to a paper, in order.
CREATE TABLE paper_step (
	paper   TEXT NOT NULL REFERENCES paper (id),
	n       BIGINT NOT NULL,
	what    TEXT NOT NULL,                    -- drafted, submitted, reviewed, sent back, recalled, handed, signed, released, dropped
	by      TEXT NOT NULL,
	post    TEXT NOT NULL,
	at      TEXT NOT NULL,
	version BIGINT NOT NULL,                  -- of the text it was done to
	comment TEXT NOT NULL,                    -- remark or reason
	PRIMARY KEY (paper, n)
);

-- Sổ đăng ký văn bản đi. A unit's own numbers run without gaps in a book and a year; a
-- number of the document system stands beside them without n.
-- by key
CREATE TABLE register_entry (
	unit      TEXT NOT NULL,
	symbol    TEXT NOT NULL,                  -- folded to capitals without spaces
	issued_on TEXT NOT NULL,
	book      TEXT NOT NULL,                  -- abbreviation of the kind of document: BC, TTr; 'CV' for an official letter
	year      BIGINT NOT NULL,
	n         BIGINT,
	case_id   TEXT NOT NULL REFERENCES casefile (id),
	paper     TEXT NOT NULL,                  -- '' for an act of one step, which has no draft
	outer_id  TEXT NOT NULL,
	by        TEXT NOT NULL,
	at        TEXT NOT NULL,
	PRIMARY KEY (unit, symbol, issued_on)
);

CREATE UNIQUE INDEX register_entry_n ON register_entry (unit, book, year, n);

-- Sổ đăng ký văn bản đến: one line each time a matter reaches a unit.
-- by key
CREATE TABLE incoming_entry (
	unit       TEXT NOT NULL,
	year       BIGINT NOT NULL,
	n          BIGINT NOT NULL,
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	round      BIGINT NOT NULL,               -- which time this case reached this unit, from 1
	sender     TEXT NOT NULL,
	symbol     TEXT NOT NULL,                 -- số, ký hiệu of what came; '' when it has none
	issued_on  TEXT NOT NULL,
	entered_on TEXT NOT NULL,                 -- the clerk's own date; the limit runs from the arrival, not from it
	by         TEXT NOT NULL,
	at         TEXT NOT NULL,
	PRIMARY KEY (unit, year, n)
);

CREATE UNIQUE INDEX incoming_entry_case ON incoming_entry (case_id, unit, round);

-- A matter's way down its unit and back up.
-- by key
CREATE TABLE direction (
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	unit        TEXT NOT NULL,
	n           BIGINT NOT NULL,
	what        TEXT NOT NULL CHECK (what IN ('directed', 'returned')),
	by          TEXT NOT NULL,
	post        TEXT NOT NULL,
	seat_section TEXT NOT NULL,               -- the giver's own desk, where the way back up leads
	seat_officer TEXT NOT NULL,
	section     TEXT NOT NULL,                -- where it lies since
	officer     TEXT NOT NULL,                -- in charge; '' with the section's head or the leaders
	instruction TEXT NOT NULL,                -- written instruction, or the reason of a return
	inner_on    TEXT NOT NULL,                -- inner date; it never replaces the legal one
	at          TEXT NOT NULL,
	PRIMARY KEY (case_id, unit, n)
);

-- Who works on a matter inside a unit, or is to know of it.
-- by key
CREATE TABLE directed (
	case_id  TEXT NOT NULL REFERENCES casefile (id),
	unit     TEXT NOT NULL,
	officer  TEXT NOT NULL,
	part     TEXT NOT NULL CHECK (part IN ('charge', 'with', 'reader')),
	n        BIGINT NOT NULL,                 -- the direction that named him
	until_at TEXT,                            -- NULL while it holds
	PRIMARY KEY (case_id, unit, n, officer, part)
);
