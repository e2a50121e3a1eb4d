-- A petition that came from a difficulty met on an assignment leads back to it: its page
-- asks for the one line that names it.
CREATE INDEX assignment_progress_petition ON assignment_progress (petition) WHERE petition <> '';
