package bench

import (
	"context"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

func TestList(t *testing.T) {
	d, _ := lttest.SQLite(t)
	o, err := Prepare(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	l := newLife(d, o, 1)
	for range 3 {
		l.one(context.Background(), func(_ int, do func() error) error { return do() })
	}
	d.BeforeStatement = func(tx *db.Tx, q string) {
		q = strings.Join(strings.Fields(q), " ")
		if len(q) > 150 {
			q = q[:150]
		}
		t.Log("   ", q)
	}
	l.one(context.Background(), func(n int, do func() error) error { t.Log("=====", n); return do() })
}
