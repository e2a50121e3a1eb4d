-- The list of petitions of one commune, those that came last first. Neither column ever
-- changes, so the index costs one entry when a case is opened; units that answer find
-- theirs by their duties, overseers by the order of ids.

CREATE INDEX casefile_raiser ON casefile (raiser, id);
