package db_test

import (
	"slices"
	"testing"

	"lienthong/internal/db"
)

func TestListHasFewLengths(t *testing.T) {
	tests := []struct {
		values []any
		marks  string
		all    []any
	}{
		{nil, "NULL", nil},
		{[]any{"a"}, "$1", []any{"a"}},
		{[]any{"a", "b", "c"}, "$1, $2, $3, $4", []any{"a", "b", "c", "c"}},
	}
	for _, tt := range tests {
		if marks, all := db.List(tt.values); marks != tt.marks || !slices.Equal(all, tt.all) {
			t.Errorf("List(%v) = %s, %v; want %s, %v", tt.values, marks, all, tt.marks, tt.all)
		}
	}
}
