-- The trays of rules of which a unit has few, beside the thousands that it answers or settles: a
-- count of none looked at all of them. The few pay for it, the many stand outside.
CREATE INDEX duty_rare ON duty (owner, rule, due_at, case_id, round) WHERE ended_at IS NULL
	AND rule NOT IN ('petition.answer', 'petition.settle', 'petition.oversee', 'assignment.do', 'assignment.part');
