-- How notices leave the building (thư điện tử, cổng tin nhắn, webhook): what each officer
-- chose, the receivers that a unit's administrator entered, and what waits for its hour.
-- No text about a case stands here: ids and hours.

-- A notice is fresh until it was looked at for the channels; older ones are not told again.
ALTER TABLE notice ADD COLUMN fresh BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX notice_fresh ON notice (id) WHERE fresh;
-- whether a unit has seen what it was told about a case
CREATE INDEX notice_case ON notice (case_id, id);
-- what an officer has read of what he was told himself
CREATE INDEX notice_seen ON notice (officer, read_at) WHERE read_at IS NOT NULL AND officer <> '';

-- No row: the office's own settings hold for this officer.
CREATE TABLE channel_choice (
	officer      TEXT PRIMARY KEY REFERENCES officer (id),
	mail         BOOLEAN NOT NULL,      -- wants mail
	digest_at    BIGINT NOT NULL,       -- minute of the day of the one mail a day; -1: each at once
	quiet_from   BIGINT NOT NULL,       -- minute from which nothing is sent; -1: no such hours
	quiet_to     BIGINT NOT NULL,
	office_hours TEXT NOT NULL CHECK (office_hours IN ('', 'yes', 'no')), -- '': as the setting says
	changed_at   TEXT NOT NULL
);

-- Kinds of notice that an officer does not want by mail.
-- by key
CREATE TABLE channel_mute (
	officer TEXT NOT NULL REFERENCES officer (id),
	kind    TEXT NOT NULL,
	PRIMARY KEY (officer, kind)
);

-- What waits for the hour at which it may leave: by mail to an officer, or to a hook.
-- by key
CREATE TABLE channel_item (
	way    TEXT NOT NULL CHECK (way IN ('mail', 'hook')),
	target TEXT NOT NULL,               -- an officer, or a hook
	notice TEXT NOT NULL,
	of     TEXT NOT NULL,               -- whom it was told: another than target where one stands in
	due_at TEXT NOT NULL,
	PRIMARY KEY (way, target, notice)
);

CREATE INDEX channel_item_due ON channel_item (due_at, way, target);

-- A receiver of a unit: of signed events, or of short lines for a gateway of SMS or Zalo.
CREATE TABLE channel_hook (
	id         TEXT PRIMARY KEY,
	unit       TEXT NOT NULL REFERENCES unit (id),
	what       TEXT NOT NULL CHECK (what IN ('events', 'notices')),
	label      TEXT NOT NULL,
	url        TEXT NOT NULL,
	account    TEXT NOT NULL REFERENCES officer (id), -- receives what this account may read
	kinds      TEXT NOT NULL,           -- kinds of events with blanks between; '' all
	secret     TEXT NOT NULL,           -- sealed
	secret_old TEXT NOT NULL,           -- sealed; signs beside the new one until old_until
	old_until  TEXT,
	secret_by  TEXT NOT NULL,           -- who made the secret and sees it for a while
	secret_at  TEXT NOT NULL,
	made_by    TEXT NOT NULL,
	made_at    TEXT NOT NULL,           -- what happened before is not sent
	ended_at   TEXT
);

CREATE INDEX channel_hook_unit ON channel_hook (unit, made_at);

-- Secrets of the office's own channels: the password at its mail server. Sealed.
CREATE TABLE channel_secret (
	name   TEXT PRIMARY KEY,
	sealed TEXT NOT NULL,
	by     TEXT NOT NULL,
	at     TEXT NOT NULL
);
