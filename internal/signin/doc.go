// Package signin is the door: passwords, second factor, sessions, known devices,
// tokens of programs, and the limits on how often anybody may knock.
//
// A session is a random secret in the browser and its hash in a table:
//
//	password --(code | first enrolment | new password)--> full --sign out, idle, end--> over
//
// The package says who knocks; what the officer may do is org's and access's matter,
// asked again in every transaction. Limits and lengths are settings (Rules), none
// comes from a regulation. It draws no page and knows no HTTP but an address.
package signin
