// Package story runs stories: scripts in the officer's words that move the whole
// program through a matter and say which clauses that proves.
//
// A story is a text of lines "verb arguments". It runs on a fresh office with a clock
// that only it moves, on both databases. Acts call the operations that pages call,
// "get" and "post" go through the program's own mux. What an act answers is compared by
// the "see" lines behind it; a refusal that no "see" expects fails the story.
//
// The engine is our own rather than testscript: a story is repeated dozens of times
// with one binding broken, and must then fail quietly and in the same process.
//
//	run whole --fires rules, operations--> run with each broken --fails--> proven
package story
