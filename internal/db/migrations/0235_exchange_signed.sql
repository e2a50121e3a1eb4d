-- Whether a document came with a digital signature. The gateway of the document system checks
-- it; this program does not, and says so to who reads the document.
ALTER TABLE exchange_document ADD COLUMN signed BOOLEAN NOT NULL DEFAULT FALSE;
