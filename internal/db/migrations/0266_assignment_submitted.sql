-- Results that wait to be accepted, for one unit or one field: few rows, where the list of all
-- that wait asked the case of each of them.
CREATE INDEX casefile_submitted ON casefile (lead, field, raiser, id) WHERE kind = 'assignment' AND state = 'submitted';
