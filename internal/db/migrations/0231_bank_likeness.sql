-- How alike the entries of the bank were that people were shown and opened, in steps of a
-- twentieth: from it an office learns which likeness is not worth showing.
-- by key
CREATE TABLE bank_likeness (
	degree BIGINT NOT NULL CHECK (degree BETWEEN 0 AND 20),
	what   TEXT NOT NULL CHECK (what IN ('shown', 'opened')),
	n      BIGINT NOT NULL,
	PRIMARY KEY (degree, what)
);
