-- Templates of papers (mẫu văn bản): a unit may put a DOCX of its own in place of the
-- built-in layout, one for each kind. The bytes are kept under their hash.

CREATE TABLE paper_template (
	unit   TEXT NOT NULL,   -- whose papers it is for
	kind   TEXT NOT NULL,   -- "cong-van", "to-trinh" …
	name   TEXT NOT NULL,   -- of the file as it was sent
	hash   TEXT NOT NULL,   -- SHA-256 of its bytes
	size   BIGINT NOT NULL, -- bytes
	set_by TEXT NOT NULL,   -- officer
	set_at TEXT NOT NULL,
	PRIMARY KEY (unit, kind)
);
