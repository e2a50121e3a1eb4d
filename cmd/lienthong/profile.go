package main

import (
	"os"
	"runtime/pprof"

	"lienthong/internal/fault"
)

// profile begins to write where the processors spend their time, for `go tool pprof`;
// done ends it. Nothing of an office is in it: names of functions and counts. With no
// path nothing is written.
func profile(path string) (done func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fault.Field("--profile", "Không ghi được tệp %s: %v.", path, err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close() // a profile is read by eye: a torn one shows itself
	}, nil
}
