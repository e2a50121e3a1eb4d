package extract

import (
	"regexp"
	"sort"
	"strings"
)

var (
	cite   = regexp.MustCompile(`\b\d{1,6}[a-z]?(?:/\d{4})?[-/](?:\d{4}/)?\p{Lu}[\p{L}\d&]*(?:[-/]\p{Lu}[\p{L}\d&]*)*`)
	norms  = regexp.MustCompile(`(?:QCVN|TCVN)\s+\d+(?:-\d+)?:\d{4}(?:/\p{Lu}+)?`)
	broken = regexp.MustCompile(`(\d-)\s*\n\s*(\p{Lu})`)
)

// legalBasis lists the numbers of the papers cited, in the order of first mention,
// without the document's own.
func legalBasis(s string, own *string) []string {
	s = broken.ReplaceAllString(s, "$1$2")
	type hit struct {
		at int
		s  string
	}
	var hits []hit
	// standards have a form of their own: QCVN 01:2019/BCT
	for _, re := range []*regexp.Regexp{cite, norms} {
		for _, m := range re.FindAllStringIndex(s, -1) {
			hits = append(hits, hit{m[0], strings.Join(strings.Fields(s[m[0]:m[1]]), " ")})
		}
	}
	out, seen := []string{}, map[string]bool{}
	if own != nil {
		seen[*own] = true
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].at < hits[j].at })
	for _, h := range hits {
		if !seen[h.s] {
			seen[h.s] = true
			out = append(out, h.s)
		}
	}
	return out
}
