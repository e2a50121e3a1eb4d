// Package bench measures the program: it loads an office with many cases, drives the
// main job through it and prints rates, times and sizes beside the same rows written
// without checks ("bare rows") in the same run.
//
// Single times say little on a busy machine; ratios of one run do. Every case is loaded
// by the operations themselves, so that no row, event, leaf, reader or index entry is
// missing; nothing is measured that an office could not do. What is measured and what
// it costs stands in doc/performance.md.
package bench
