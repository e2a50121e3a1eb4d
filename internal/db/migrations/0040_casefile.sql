-- Cases (hồ sơ công việc): the thread on which everything about one matter hangs,
-- its readers, its append-only history and its documents.

-- by key
CREATE TABLE casefile (
	id        TEXT PRIMARY KEY,
	kind      TEXT NOT NULL,            -- the slice that owns it: petition, directive …
	code      TEXT NOT NULL UNIQUE,     -- tracking code: KN-0437/2026
	title     TEXT NOT NULL,
	state     TEXT NOT NULL,            -- the slice's word for where it stands
	scope     TEXT NOT NULL,            -- membership that reads every case of this kind ('k:petition'); '' while a draft
	rulebook  TEXT NOT NULL,            -- hash of the rulebook it runs under
	field     TEXT NOT NULL DEFAULT '',
	lead      TEXT NOT NULL DEFAULT '', -- the unit that leads it now
	raiser    TEXT NOT NULL DEFAULT '', -- the unit that opened it
	version   BIGINT NOT NULL,
	opened_at TEXT NOT NULL,
	closed_at TEXT,
	sealed_at TEXT                      -- its texts are out of reach; the proofs stay
);

CREATE INDEX casefile_opened ON casefile (kind, opened_at, id);
CREATE INDEX casefile_lead ON casefile (lead, state, opened_at, id);
CREATE INDEX casefile_raiser ON casefile (raiser, state, opened_at, id);

-- Who may read a case, from when until when, and what a unit is on it.
-- Written only by package casefile when parties change.
-- by key
CREATE TABLE case_reader (
	case_id  TEXT NOT NULL REFERENCES casefile (id),
	reader   TEXT NOT NULL,             -- 'u:' unit or 'o:' officer
	party    TEXT NOT NULL,             -- access.Function
	level    BIGINT NOT NULL,           -- 1 reads everything of the case
	since_at TEXT NOT NULL,
	until_at TEXT,                      -- NULL while it holds
	PRIMARY KEY (case_id, reader, party, since_at)
);

-- History (diễn biến). The bytes are what was hashed and are never written again;
-- text and salt may be set to NULL by a redaction, the hash in the bytes remains.
CREATE TABLE event (
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	n           BIGINT NOT NULL,        -- number within the case, from 1
	kind        TEXT NOT NULL,
	recorded_at TEXT NOT NULL,
	audience    TEXT NOT NULL,          -- 'parties', 'u:' unit or 'o:' officers
	bytes       BYTEA NOT NULL,
	leaf        BYTEA NOT NULL,         -- SHA-256 leaf of the bytes
	salt        BYTEA,
	text        TEXT,
	PRIMARY KEY (case_id, n)
);

-- Documents (văn bản, tệp kèm theo). The bytes lie in the blob store under their
-- hash; a download checks this row, never the hash.
CREATE TABLE document (
	id         TEXT PRIMARY KEY,
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	event_n    BIGINT NOT NULL,         -- the event it came with; 0 while it waits for its paper
	paper_id   TEXT NOT NULL DEFAULT '',
	name       TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size       BIGINT NOT NULL,
	hash       TEXT NOT NULL,
	scan       TEXT NOT NULL,           -- 'clean', 'waiting', 'infected' or 'unscanned'
	keep_until TEXT,
	number     TEXT NOT NULL DEFAULT '', -- số, ký hiệu of a paper of the document system
	issuer     TEXT NOT NULL DEFAULT '',
	issued_on  TEXT NOT NULL DEFAULT '',
	outer_id   TEXT NOT NULL DEFAULT '', -- its id in the province's document system
	added_by   TEXT NOT NULL,
	added_at   TEXT NOT NULL,
	audience   TEXT NOT NULL,           -- as of an event; the adder's units while its paper is a draft
	sealed_at  TEXT
);

CREATE INDEX document_case ON document (case_id, id);
CREATE INDEX document_hash ON document (hash);

-- Looks at masked or sealed things, and searches by overseers: who, what, when.
CREATE TABLE look (
	case_id TEXT NOT NULL,
	n       BIGINT NOT NULL,
	officer TEXT NOT NULL,
	what    TEXT NOT NULL,
	at      TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);
