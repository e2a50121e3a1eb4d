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
	collectFrom = 160 << 20 // bytes; what a node remembers is a tenth of it
)

// limitMemory bounds what the program takes, unless whoever started it did. Until it has
// begun the collector runs as often as by default: what is read at the start is thrown away
// once it is packed.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectFrom)
	}
}

// easeCollector lets the collector rest once the node has begun, unless whoever started
// the program set it, and gives back what the beginning took.
func easeCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	debug.FreeOSMemory()
}
