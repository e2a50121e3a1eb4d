package main

import (
	"os"
	"runtime/debug"
)

// How the collector is set for a server. Its own data are small beside what its requests
// leave behind, so it runs a third as often as by default; measured, a page then costs
// a quarter less. The limit makes it run more often again before the whole program, with
// what SQLite holds beside it, passes 300 MB under 32 clients.
const (
	collectAt   = 300       // per cent of growth between two runs
	collectFrom = 192 << 20 // bytes; below what a node remembers it would run without end
)

// easeCollector sets the collector, unless whoever started the program did.
func easeCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectFrom)
	}
}
