-- The kinds of notice that were ever told in this office: a program that does not know one
-- of them is refused at its start, and need not read every notice for it.
-- by key
CREATE TABLE notice_kind (
	kind TEXT PRIMARY KEY
);

INSERT INTO notice_kind (kind) SELECT DISTINCT kind FROM notice;
