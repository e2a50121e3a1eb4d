package bench

import (
	"net/url"
	"reflect"
	"testing"
)

// No two addresses are written alike, and all ask the same.
func TestAnewAsksTheSameInAnotherWay(t *testing.T) {
	seen := map[string]bool{}
	for range 5000 {
		at := anew("/api/v1/board?by=unit&limit=25")
		if seen[at] {
			t.Fatalf("%s was written before", at)
		}
		seen[at] = true
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if want := (url.Values{"by": {"unit"}, "limit": {"25"}}); u.Path != "/api/v1/board" || !reflect.DeepEqual(u.Query(), want) {
			t.Fatalf("%s asks %v", at, u.Query())
		}
	}
}
