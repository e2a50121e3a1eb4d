-- What the tracker of assignments lists across units: running ones by their date, results that
-- wait to be accepted, results that were given back. Few rows beside all that ever was.
CREATE INDEX duty_assigned ON duty (due_at, case_id) WHERE ended_at IS NULL AND rule IN ('assignment.do', 'assignment.recur');

CREATE INDEX assignment_waiting ON assignment (submitted_at, case_id) WHERE submitted_at IS NOT NULL AND accepted_at IS NULL;

CREATE INDEX assignment_returned ON assignment (case_id) WHERE returns > 0 AND accepted_at IS NULL;
