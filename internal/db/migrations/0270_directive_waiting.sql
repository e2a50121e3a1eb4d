-- The few directives that wait for somebody: counted on the page "Việc của tôi" of the Office.

CREATE INDEX casefile_directive ON casefile (state, id) WHERE kind = 'directive' AND state IN ('proposed', 'confirmed');
