// Package crash proves that a killed server loses nothing that it acknowledged.
//
// Its test builds the real program, runs it on a folder and on PostgreSQL, lets 32
// clients raise, direct, answer and settle petitions through the JSON face - eight of
// them hang up at random moments -, kills the program with no warning at random
// moments, starts it again, and so on. Then it looks at the store: no acknowledged write
// is missing, none is there twice, no operation is there by half, the log verifies
// against a witness of the time between, and every running duty has an owner and a
// next look. `make test` does this for seconds, `make prove` for minutes.
package crash
