-- Which answer to a petition an item of the yearly table counts: a table that is counted
-- again while it is prepared keeps what a person said of an item.

ALTER TABLE score_item ADD COLUMN round BIGINT NOT NULL DEFAULT 0; -- of the petition; 0: a petition that was raised

-- a table that is being prepared: the answers it has
UPDATE score_item SET round = coalesce((SELECT min(d.round) FROM duty d
	WHERE d.case_id = score_item.petition AND d.owner = score_item.unit AND d.rule = 'petition.answer' AND d.due_day = score_item.due_day), 1)
WHERE side = 'answers';
