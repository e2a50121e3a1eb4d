-- The bank of answers (kho giải đáp): a question and its answer without persons and places,
-- approved by a leader of the department that answers. The case carries who may read it: its
-- department while it is written, everybody once it is approved.

-- by key
CREATE TABLE bank_entry (
	case_id     TEXT PRIMARY KEY REFERENCES casefile (id),
	question    TEXT NOT NULL,
	answer      TEXT NOT NULL,
	basis       TEXT NOT NULL DEFAULT '', -- the texts it rests on, with their clauses
	made_from   TEXT NOT NULL DEFAULT '', -- the petition it was made from
	replaces    TEXT NOT NULL DEFAULT '', -- the entry that goes when this one is approved
	proposed_by TEXT NOT NULL,
	approved_by TEXT NOT NULL DEFAULT '',
	capacity    TEXT NOT NULL DEFAULT '',
	approved_at TEXT,
	retracted_at TEXT,
	reason      TEXT NOT NULL DEFAULT '', -- why it was given back or retracted
	changed     BIGINT NOT NULL           -- the number of the bank's change that wrote it; nodes read on from there
);

CREATE INDEX bank_entry_changed ON bank_entry (changed, case_id);

-- The texts an entry rests on, by their numbers, folded: so that one that ends finds them.
-- by key
CREATE TABLE bank_basis (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	number  TEXT NOT NULL,
	PRIMARY KEY (case_id, number)
);

CREATE INDEX bank_basis_number ON bank_basis (number, case_id);

-- Texts that end (văn bản hết hiệu lực): what rests on one may be outdated from that day.
CREATE TABLE text_end (
	number      TEXT PRIMARY KEY, -- folded
	symbol      TEXT NOT NULL,    -- as it is written: 59/2020/NĐ-CP
	ended_on    TEXT NOT NULL,    -- the first day on which it is no longer in force
	replaced_by TEXT NOT NULL DEFAULT '',
	source      TEXT NOT NULL,    -- where that is said
	added_by    TEXT NOT NULL,
	added_at    TEXT NOT NULL
);

-- How often entries helped, by month (YYYY-MM).
-- by key
CREATE TABLE bank_use (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	month   TEXT NOT NULL,
	what    TEXT NOT NULL CHECK (what IN ('shown', 'opened', 'spared', 'copied')), -- spared: used instead of raising a petition
	n       BIGINT NOT NULL,
	PRIMARY KEY (case_id, month, what)
);

-- Which entries were copied into the draft of an answer.
-- by key
CREATE TABLE bank_ref (
	case_id TEXT NOT NULL REFERENCES casefile (id), -- the petition
	entry   TEXT NOT NULL REFERENCES casefile (id),
	by      TEXT NOT NULL,
	at      TEXT NOT NULL,
	PRIMARY KEY (case_id, entry)
);

CREATE INDEX casefile_bank ON casefile (state, id) WHERE kind = 'bank';

-- Everybody who works in the matters of a unit reads what is approved for all of them.
INSERT INTO membership (actor, reader) SELECT DISTINCT actor, 'all' FROM membership WHERE reader LIKE 'u:%' ON CONFLICT DO NOTHING;
