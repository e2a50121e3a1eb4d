package bank

import (
	"regexp"
	"strings"
	"unicode"
)

// Long numbers point at somebody: accounts, papers, telephones. What an office writes in
// long numbers besides is money, years and the codes of procedures.
var (
	digitRun = regexp.MustCompile(`\d+(?:[ .\-\x{00a0}]\d+)*`)
	// 1.004873.000.00.00.H44, 2.000635
	procedureCode = regexp.MustCompile(`^\d\.\d{6}(?:\.\d{3}(?:\.\d{2}){0,2})?$`)
	unitCode      = regexp.MustCompile(`^\d{3}\.\d{2}(?:\.\d{2})?$`)
	moneyBehind   = regexp.MustCompile(`^\s*(?:đồng|đ\b|vnđ|vnd|nghìn|ngàn|triệu|tỷ|tỉ|%|m2|m²|ha\b|km|người|hộ|lượt)`)
)

const (
	fewestRun     = 8 // digits without a break that are no year and no number of a text
	fewestGrouped = 9 // digits in groups
	mostDigits    = 19
)

// numbersIn returns where long numbers stand in a text, with what each looks like.
func numbersIn(text string) (all []Mark, at [][2]int) {
	for _, loc := range digitRun.FindAllStringIndex(text, -1) {
		run := text[loc[0]:loc[1]]
		for _, part := range splitRun(run, text[loc[1]:]) {
			from := loc[0] + part[0]
			to := loc[0] + part[1]
			if from > 0 && text[from-1] == '+' {
				from--
			}
			all = append(all, Mark{kindOfNumber(text[from:to]), text[from:to]})
			at = append(at, [2]int{from, to})
		}
	}
	return all, at
}

// splitRun returns which parts of a run of digit groups are long numbers, given the text
// behind it.
func splitRun(run, behind string) [][2]int {
	if procedureCode.MatchString(run) || unitCode.MatchString(run) || moneyBehind.MatchString(strings.ToLower(firstOf(behind, 20))) {
		return nil
	}
	groups, n := groupsOf(run), 0
	for _, g := range groups {
		n += len(g)
	}
	if len(groups) == 1 {
		if n >= fewestRun {
			return [][2]int{{0, len(run)}}
		}
		return nil
	}
	if n >= fewestGrouped && n <= mostDigits && !years(groups) && !thousands(run, groups) && even(groups) {
		return [][2]int{{0, len(run)}}
	}
	// one of the groups may be long by itself: "3 025099001234"
	var parts [][2]int
	at := 0
	for _, g := range groups {
		from := at + strings.Index(run[at:], g)
		at = from + len(g)
		if len(g) >= fewestRun {
			parts = append(parts, [2]int{from, at})
		}
	}
	return parts
}

// The groups of digits of a run.
func groupsOf(run string) []string {
	return strings.FieldsFunc(run, func(r rune) bool { return !unicode.IsDigit(r) })
}

// years says whether all groups are years or days: "2021-2025 2026-2030".
func years(groups []string) bool {
	for _, g := range groups {
		if len(g) == 4 && (strings.HasPrefix(g, "19") || strings.HasPrefix(g, "20")) || len(g) <= 2 {
			continue
		}
		return false
	}
	return true
}

// thousands says whether a run is an amount: groups of three behind points, "250.000.000".
// A number of a person may be written so too, but begins with a nought.
func thousands(run string, groups []string) bool {
	if strings.ContainsAny(run, " -\u00a0") || len(groups[0]) > 3 || groups[0][0] == '0' || len(groups) > 3 {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// even says whether groups are written as one number: no single digits among them, which
// are counts and clauses.
func even(groups []string) bool {
	for _, g := range groups[1:] {
		if len(g) < 2 {
			return false
		}
	}
	return len(groups[0]) > 1
}

// kindOfNumber is what a long number looks like by its digits.
func kindOfNumber(s string) string {
	digits := strings.Join(groupsOf(s), "")
	abroad := strings.HasPrefix(s, "+84") || strings.HasPrefix(digits, "84") && len(digits) == 11
	switch {
	case abroad, strings.HasPrefix(digits, "0") && (len(digits) == 10 || len(digits) == 11):
		return "phone"
	case len(digits) == 12 || len(digits) == 9:
		return "id"
	}
	return "number"
}

// The first letters of a text.
func firstOf(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
