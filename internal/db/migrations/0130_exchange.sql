-- Documents that went through the province's document system: what came that way, what
-- waits for a person, what left for it and what became of that.

-- The codes under which the document system knows a unit (QĐ 20/2020/QĐ-TTg), the older
-- order "000.00.15.H44" beside the newer.
-- by key
CREATE TABLE exchange_code (
	code TEXT PRIMARY KEY,                  -- in capitals, without spaces
	unit TEXT NOT NULL REFERENCES unit (id),
	main BOOLEAN NOT NULL,                  -- the one that packets of ours carry
	at   TEXT NOT NULL
);

CREATE INDEX exchange_code_unit ON exchange_code (unit, code);

-- Units to which released papers go as packets.
-- by key
CREATE TABLE exchange_receiver (
	unit  TEXT PRIMARY KEY REFERENCES unit (id),
	since TEXT NOT NULL,
	by    TEXT NOT NULL
);

-- One row for each document that came by the document system. A document is its issuer,
-- number and symbol, and day: the same by two ways is one row.
CREATE TABLE exchange_document (
	id          TEXT PRIMARY KEY,
	identity    TEXT NOT NULL UNIQUE,       -- hash of issuer, number and symbol, day
	issuer      TEXT NOT NULL,              -- the unit; '' for one that is not known here
	issuer_code TEXT NOT NULL,
	issuer_name TEXT NOT NULL,
	addressee   TEXT NOT NULL,              -- the first of our units that it was sent to; '' none
	symbol      TEXT NOT NULL,              -- số, ký hiệu as it was written
	issued_on   TEXT NOT NULL,
	outer_id    TEXT NOT NULL,              -- its id in the document system
	subject     TEXT NOT NULL,
	content     TEXT NOT NULL,
	signer_name TEXT NOT NULL,
	signer_title TEXT NOT NULL,
	refs        TEXT NOT NULL,              -- JSON: the documents that it answers or quotes
	arrived_at  TEXT NOT NULL,              -- at its receiver, as the packet says
	taken_at    TEXT NOT NULL,              -- read here
	way         TEXT NOT NULL CHECK (way IN ('edxml', 'xlsx')),
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'joined', 'opened', 'aside', 'secret')),
	waits_for   TEXT NOT NULL,              -- why it waits: a word that screens put into a sentence
	case_id     TEXT REFERENCES casefile (id),
	event_n     BIGINT NOT NULL DEFAULT 0,  -- the event of the case it came in with
	noted       BOOLEAN NOT NULL DEFAULT FALSE, -- of a secret one: a person knows of it
	version     BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX exchange_document_state ON exchange_document (state, arrived_at, id);
CREATE INDEX exchange_document_case ON exchange_document (case_id, id);

-- The files of a document that waits; those of one that has a case are the case's.
-- by key
CREATE TABLE exchange_file (
	document   TEXT NOT NULL REFERENCES exchange_document (id),
	n          BIGINT NOT NULL,
	name       TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size       BIGINT NOT NULL,
	hash       TEXT NOT NULL,
	scan       TEXT NOT NULL,
	PRIMARY KEY (document, n)
);

-- What was done to a document, in order: taken, joined, opened, set aside, noted.
-- by key
CREATE TABLE exchange_step (
	document TEXT NOT NULL REFERENCES exchange_document (id),
	n        BIGINT NOT NULL,
	what     TEXT NOT NULL,
	by       TEXT NOT NULL,                 -- officer, or the part of the program
	post     TEXT NOT NULL,
	at       TEXT NOT NULL,
	reason   TEXT NOT NULL,
	PRIMARY KEY (document, n)
);

-- Released papers on their way to the document system, one row a paper and receiver.
CREATE TABLE exchange_out (
	id          TEXT PRIMARY KEY,           -- also the name of the packet
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	event_n     BIGINT NOT NULL,            -- the release
	sender      TEXT NOT NULL,
	receiver    TEXT NOT NULL,
	symbol      TEXT NOT NULL,
	issued_on   TEXT NOT NULL,
	outer_id    TEXT NOT NULL,              -- the DocumentId that the packet carries
	queued_at   TEXT NOT NULL,
	status      TEXT NOT NULL DEFAULT '',   -- the last that came back, 01 to 16; '' none yet
	status_at   TEXT,
	UNIQUE (case_id, event_n, receiver)
);

CREATE INDEX exchange_out_outer ON exchange_out (outer_id, id);
CREATE INDEX exchange_out_symbol ON exchange_out (symbol, issued_on, id);

-- Every status that came back.
-- by key
CREATE TABLE exchange_status (
	out_id      TEXT NOT NULL REFERENCES exchange_out (id),
	n           BIGINT NOT NULL,
	code        TEXT NOT NULL,
	at          TEXT NOT NULL,              -- as the receiver says
	description TEXT NOT NULL,
	taken_at    TEXT NOT NULL,
	PRIMARY KEY (out_id, n)
);

-- A document that quotes a number is looked up by its day.
CREATE INDEX register_entry_day ON register_entry (issued_on, symbol);
