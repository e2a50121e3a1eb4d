-- What routing has learned from the petitions this office answered: weights of features
-- and counts of words, both by hash. No text and no case stands here.

-- by key
CREATE TABLE route_weight (
	feature BIGINT PRIMARY KEY, -- hash of a syllable, or of two
	bytes   BYTEA NOT NULL      -- what to add for each field, in the order of the fields
);

-- How many answered petitions held a word of the lexicon, by who answered.
-- by key
CREATE TABLE route_count (
	word BIGINT NOT NULL, -- hash of the word
	unit TEXT NOT NULL,
	n    BIGINT NOT NULL,
	PRIMARY KEY (word, unit)
);
