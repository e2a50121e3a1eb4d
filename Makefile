# make test      everything, on SQLite, PostgreSQL and in a headless Chromium; at most ten minutes
# make prove     the long proofs: races, properties at length, foreign bytes, kills in a loop, mutations
# make extract-score DIR=…  how well directives are read, on a folder of annotated ones
# make generate  the Go code of the templates
# make run       an invented province at http://127.0.0.1:8080

.PHONY: test prove generate run extract-score

test:
	.ci/test

prove:
	.ci/prove

generate:
	.ci/generate

run:
	go run ./cmd/lienthong demo

extract-score:
	.ci/extract-score $(DIR)
