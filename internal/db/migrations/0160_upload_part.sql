-- A file that comes in pieces over a poor line: its row is reserved when it begins, each piece
-- that arrived whole or in part is a row here, and the last one makes the file. The sender
-- asks how far it came and goes on from there, whatever node answers and after any restart.

ALTER TABLE upload ADD COLUMN item TEXT NOT NULL DEFAULT '';       -- the sender's own key of the file: the same one begins no second upload
ALTER TABLE upload ADD COLUMN received BIGINT NOT NULL DEFAULT 0;  -- bytes that pieces brought so far; 0 of a file that came at once
ALTER TABLE upload ADD COLUMN promised TEXT NOT NULL DEFAULT '';   -- SHA-256 that the sender says the whole has; '' says nothing

CREATE UNIQUE INDEX upload_item ON upload (officer, item) WHERE item <> '';

-- by key
CREATE TABLE upload_part (
	upload_id TEXT NOT NULL REFERENCES upload (id),
	start_at  BIGINT NOT NULL,  -- place of its first byte in the file
	size      BIGINT NOT NULL,
	hash      TEXT NOT NULL,    -- of its bytes in the blob store, which begin with a salt of their own
	PRIMARY KEY (upload_id, start_at)
);
