package regulation

import (
	"strings"

	"lienthong/internal/fault"
)

// A Problem is one thing that check refuses. Say is a full sentence in Vietnamese.
type Problem struct {
	Code  string `json:"code"`  // unknown-key, unbound, bad-param, no-clause, no-role, no-unit, no-date, serve …
	Where string `json:"where"` // the regulation or profile, and the key, role or field
	Say   string `json:"say"`
}

// The codes of problems.
const (
	CodeUnknownKey = "unknown-key" // a rule or setting of a key that no slice declares
	CodeUnbound    = "unbound"     // a declared key that nothing binds and the profile does not switch off
	CodeParam      = "bad-param"   // a value that is missing, unknown or of the wrong type
	CodeNoClause   = "no-clause"   // a clause that does not exist, or stands in a text the profile does not take
	CodeNoRole     = "no-role"     // a role that maps to nobody while the rule holds
	CodeNoField    = "no-field"    // a field with no unit that is not declared as a hole
	CodeNoUnit     = "no-unit"     // a unit the tenant does not have
	CodeDate       = "bad-date"    // a day that is none, or an end before its beginning
	CodeProfile    = "bad-profile" // an unknown regulation, word or repeated row
	CodeServe      = "serve"       // a text not competent here or not in force: refused by serve
)

// Refusal makes one refusal (fault.Invalid) of problems; nil for none.
func Refusal(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	say := make([]string, len(problems))
	for i, p := range problems {
		say[i] = p.Where + ": " + p.Say
	}
	return fault.Refuse(fault.Invalid, "%s", strings.Join(say, "\n"))
}
