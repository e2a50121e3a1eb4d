package org

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// longestName bounds names, titles and numbers of papers, in letters.
const longestName = 300

var (
	fieldForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[0-9]+)*$`)
	unitForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?(/[a-z0-9]+(-[a-z0-9]+)*)?$`)
)

// fieldID says whether s has the form of a field's id; whether the field exists is for
// the profile in force to say.
func fieldID(s string) bool { return fieldForm.MatchString(s) }

// text cleans one line that a person typed; what names it in the refusal.
func text(field, what, s string) (string, error) {
	s = strings.Join(strings.Fields(vntext.NFC(s)), " ")
	switch {
	case s == "":
		return "", fault.Field(field, "%s không được để trống.", what)
	case utf8.RuneCountInString(s) > longestName:
		return "", fault.Field(field, "%s dài quá %d chữ.", what, longestName)
	case strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		return "", fault.Field(field, "%s có ký tự không đọc được.", what)
	}
	return s, nil
}

// optional is text for what may be left empty.
func optional(field, what, s string) (string, error) {
	if vntext.IsBlank(s) {
		return "", nil
	}
	return text(field, what, s)
}

// basis asks for the number and date of the paper that an act of the office rests on.
func basis(number *string, dated workday.Date) (err error) {
	if *number, err = text("number", "Số, ký hiệu văn bản", *number); err != nil {
		return err
	}
	if dated.IsZero() {
		return fault.Field("date", "Cần ghi ngày của văn bản %s.", *number)
	}
	return nil
}

// Roles are few and fixed, since each carries rights; titles are free.
func knownRole(r Role) bool {
	switch r {
	case Leader, Head, Specialist, Clerk, Desk, Admin:
		return true
	}
	return false
}
