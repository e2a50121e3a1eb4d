-- Petitions (khó khăn, vướng mắc, kiến nghị của cấp xã). The title, state, field and
-- lead stand on the case; the texts stand in the history; what is owed stands in duty.

-- by key
CREATE TABLE petition (
	case_id    TEXT PRIMARY KEY REFERENCES casefile (id),
	raised_n   BIGINT NOT NULL DEFAULT 0, -- the event that holds the text; 0 while a draft
	round      BIGINT NOT NULL,           -- of answering; a petition not settled opens the next
	hops       BIGINT NOT NULL,           -- how often it was forwarded
	contested  BOOLEAN NOT NULL,          -- the Office is to name the lead
	hole       TEXT NOT NULL DEFAULT '',  -- the clause of a field that the text leaves to nobody
	tried      BOOLEAN NOT NULL,          -- whether the commune stated what it tried itself (PT06/D5.K2.g-2)
	met_on     TEXT NOT NULL DEFAULT '',  -- the day the difficulty was met
	raised_at  TEXT,                      -- released by the commune
	arrived_at TEXT,                      -- reached the first department addressed
	number     TEXT NOT NULL DEFAULT '',  -- số, ký hiệu, ngày of the commune's paper
	symbol     TEXT NOT NULL DEFAULT '',
	issued_on  TEXT NOT NULL DEFAULT ''
);

-- Where a petition has been: every unit's own share of the time.
-- by key
CREATE TABLE petition_hop (
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	n          BIGINT NOT NULL,
	unit       TEXT NOT NULL,
	arrived_at TEXT NOT NULL,
	left_at    TEXT NOT NULL,
	next_unit  TEXT NOT NULL,
	event_n    BIGINT NOT NULL,           -- the event with the reason
	PRIMARY KEY (case_id, n)
);

CREATE INDEX petition_hop_unit ON petition_hop (unit, left_at, case_id, n);

-- Answers, one a round. An answer is a released paper, or a professional guidance
-- that is no document.
-- by key
CREATE TABLE petition_answer (
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	round       BIGINT NOT NULL,
	unit        TEXT NOT NULL,
	outcome     TEXT NOT NULL,            -- resolved, guided, in_progress, referred_up, not_competent
	event_n     BIGINT NOT NULL,          -- the event that holds the text
	paper_id    TEXT NOT NULL DEFAULT '',
	guidance    BOOLEAN NOT NULL,         -- hướng dẫn nghiệp vụ, không phải văn bản
	number      TEXT NOT NULL DEFAULT '',
	symbol      TEXT NOT NULL DEFAULT '',
	issued_on   TEXT NOT NULL DEFAULT '',
	signer      TEXT NOT NULL,
	capacity    TEXT NOT NULL,
	referred_to TEXT NOT NULL DEFAULT '', -- to whom it was referred up: who, number, date
	competent   TEXT NOT NULL DEFAULT '', -- who is competent, for not_competent
	answered_at TEXT NOT NULL,
	settled     TEXT NOT NULL DEFAULT '', -- '', 'yes' or 'no': what the commune said of it
	settled_at  TEXT,
	PRIMARY KEY (case_id, round)
);

CREATE INDEX petition_answer_open ON petition_answer (unit, outcome, settled, answered_at, case_id);

-- Parts of a petition that other departments were asked to contribute.
-- by key
CREATE TABLE petition_part (
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	unit       TEXT NOT NULL,
	round      BIGINT NOT NULL,
	asked_n    BIGINT NOT NULL,           -- the event with the question
	answered_n BIGINT NOT NULL DEFAULT 0, -- the event with the contribution
	PRIMARY KEY (case_id, unit, round)
);
