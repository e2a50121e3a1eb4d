-- A document that comes again under the same number, day and issuer with other text or files
-- waits beside the first; and one that waits is tried again when what it names has moved.

-- The document that this one repeats with a difference; '' none.
ALTER TABLE exchange_document ADD COLUMN repeats TEXT NOT NULL DEFAULT '';

-- Something it may belong to has moved since it began to wait: it is to be placed anew.
ALTER TABLE exchange_document ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX exchange_document_again ON exchange_document (id) WHERE again;
CREATE INDEX exchange_document_repeats ON exchange_document (repeats, id) WHERE repeats <> '';

-- The numbers of the cases that new entries of the log are about.
CREATE INDEX register_entry_case ON register_entry (case_id, symbol);
