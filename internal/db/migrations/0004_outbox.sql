-- Bytes that leave: mail, webhooks, documents for other systems. A message is written
-- in the transaction of the act that causes it and handed over at least once.

CREATE TABLE outbox (
	id         TEXT PRIMARY KEY,
	kind       TEXT NOT NULL,       -- who knows how to hand it over
	target     TEXT NOT NULL,       -- an address or a name, in the kind's own form
	about      TEXT NOT NULL,       -- the case it tells of, so that a seal finds it; '' when none
	payload    BYTEA NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'withdrawn')),
	tries      BIGINT NOT NULL,
	next_at    TEXT NOT NULL,       -- not handed over before this instant
	last_error TEXT NOT NULL,
	queued_at  TEXT NOT NULL,
	ended_at   TEXT,
	holder     TEXT NOT NULL,       -- the node that hands it over now; '' when nobody
	until      TEXT NOT NULL        -- the instant its lease ends; '' when free
);

CREATE INDEX outbox_due ON outbox (next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_about ON outbox (about) WHERE about <> '';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state IN ('sent', 'withdrawn');
