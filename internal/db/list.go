package db

import (
	"strconv"
	"strings"
)

// List returns placeholders for x IN (…), from $1, and the values to bind. The list is
// filled up with its last value to one of few lengths: every length is another text, and each text is
// prepared anew on every connection. An empty list gives NULL, which nothing equals.
func List(values []any) (marks string, all []any) {
	if len(values) == 0 {
		return "NULL", nil
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	places := make([]string, size)
	for i := range places {
		places[i] = "$" + strconv.Itoa(i+1)
		all = append(all, values[min(i, len(values)-1)])
	}
	return strings.Join(places, ", "), all
}
