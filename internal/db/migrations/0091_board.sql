-- Figures and lists across cases: how long answers took, and the indexes of the lists
-- that boards open.

-- How many answers of a unit took how many working days of its own share.
-- by key
CREATE TABLE answer_share (
	unit  TEXT NOT NULL,
	month TEXT NOT NULL,        -- in which it answered: '2026-02'
	days  BIGINT NOT NULL,      -- working days after the day the matter reached it; 0: the same day
	n     BIGINT NOT NULL,
	PRIMARY KEY (unit, month, days)
);

-- done and ended duties of a unit, the newest first
CREATE INDEX duty_ended ON duty (owner, rule, ended_at, case_id, round) WHERE ended_at IS NOT NULL;

CREATE INDEX duty_late ON duty (owner, rule, ended_at, case_id, round) WHERE ended_at IS NOT NULL AND fate IN ('met', 'handed') AND ended_at >= own_due_at;
CREATE INDEX duty_waived ON duty (owner, rule, ended_at, case_id, round) WHERE ended_at IS NOT NULL AND fate = 'waived';

-- bodies that were only asked: few rows
CREATE INDEX duty_asked ON duty (owner, case_id) WHERE request AND ended_at IS NULL;

-- running duties that nothing would ever move: must stay empty
CREATE INDEX duty_lost ON duty (rule) WHERE ended_at IS NULL AND due_day <> '' AND missed_at IS NULL AND next_at >= '9999' AND NOT request;

-- answers on which the commune has said nothing yet
DROP INDEX petition_answer_open;
CREATE INDEX petition_answer_waiting ON petition_answer (unit, answered_at, case_id, round) WHERE settled = '';

-- what an officer is to know of or works on beside others: few rows
CREATE INDEX directed_officer ON directed (officer, case_id) WHERE until_at IS NULL;
CREATE INDEX case_reader_told ON case_reader (reader, case_id) WHERE until_at IS NULL AND party = 'told';
