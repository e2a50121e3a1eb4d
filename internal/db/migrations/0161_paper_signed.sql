-- A paper that its leader signed by hand: the clerk says so (ghi nhận bản ký giấy), with the scan.

ALTER TABLE paper ADD COLUMN signed_on TEXT NOT NULL DEFAULT '';   -- the day written on the paper; '' for a signature given here
ALTER TABLE paper ADD COLUMN recorded_by TEXT NOT NULL DEFAULT ''; -- the clerk who recorded it
ALTER TABLE paper ADD COLUMN scan_id TEXT NOT NULL DEFAULT '';     -- document.id of the signed sheet
