-- What follows the audit log (search, figures of boards), and the search index: the words
-- of each case, folded in Go, with a mark for each reader beside them.

-- by key
CREATE TABLE follow_head (
	name     TEXT PRIMARY KEY, -- who follows
	position BIGINT NOT NULL,  -- the next position of the log that it has not seen
	seen_at  TEXT              -- when the newest entry that it has seen was left
);

-- The number under which the index knows a case: a newer case has a greater one.
CREATE TABLE search_case (
	n       BIGINT PRIMARY KEY,
	case_id TEXT NOT NULL UNIQUE REFERENCES casefile (id) -- its words stand in search_word
);

CREATE VIRTUAL TABLE search_word USING fts5(words, content = '', contentless_delete = 1, tokenize = 'ascii'); -- only: sqlite

CREATE TABLE search_word (n BIGINT PRIMARY KEY, words TSVECTOR NOT NULL); -- only: postgres

-- a short pending list: a search reads all of it
CREATE INDEX search_word_words ON search_word USING gin (words) WITH (gin_pending_list_limit = 512); -- only: postgres
