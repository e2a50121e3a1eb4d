-- A released paper is read by whoever reads its case. Some are not for all of them: what a unit
-- writes about the yearly table concerns it and those who decide, while every unit reads the table.
ALTER TABLE paper ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;

-- Who reads a closed paper beside the unit that wrote it.
-- by key
CREATE TABLE paper_reader (
	paper TEXT NOT NULL REFERENCES paper (id),
	unit  TEXT NOT NULL,
	PRIMARY KEY (paper, unit)
);
