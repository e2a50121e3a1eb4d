package db

import (
	"slices"
	"testing"
)

func TestNameless(t *testing.T) {
	for _, x := range []struct {
		name, query, want string
		order             []int
	}{
		{"in order", "SELECT $1, $2", "SELECT ?, ?", nil},
		{"twice", "SELECT $1 WHERE a = $1", "SELECT ? WHERE a = ?", []int{0, 0}},
		{"out of order", "SET a = $2 WHERE b = $1", "SET a = ? WHERE b = ?", []int{1, 0}},
		{"two digits", "VALUES ($1, $2, $10)", "VALUES (?, ?, ?)", []int{0, 1, 9}},
		{"in a text", "SELECT '$1', $1", "SELECT '$1', ?", nil},
		{"a quote in a text", "SELECT 'it''s $2', $1", "SELECT 'it''s $2', ?", nil},
		{"none", "BEGIN IMMEDIATE", "BEGIN IMMEDIATE", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, order := nameless(x.query)
			if got != x.want || !slices.Equal(order, x.order) {
				t.Errorf("nameless(%q) = %q, %v; want %q, %v", x.query, got, order, x.want, x.order)
			}
		})
	}
}
