package api_test

import (
	"net/http"
	"testing"

	"lienthong/internal/org"
)

// A yearly table that is begun twice under one key is begun once and read again; under no
// key the second is refused.
func TestYearlyTableOnce(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		who := f.somebody("so-noi-vu", org.Leader)
		body := object{"year": f.clock.Now().Year() - 1} // over: it can be shown
		first := f.do(who, "POST", "/api/v1/scores", body, "Idempotency-Key", "bang-1").want(t, http.StatusCreated)
		again := f.do(who, "POST", "/api/v1/scores", body, "Idempotency-Key", "bang-1").want(t, http.StatusCreated)
		if again.text("id") != first.text("id") || again.header.Get("Idempotency-Replayed") == "" {
			t.Errorf("%s", again.raw)
		}
		f.do(who, "POST", "/api/v1/scores", body).want(t, http.StatusConflict)
		for range 2 {
			f.do(who, "POST", "/api/v1/scores/"+first.text("id")+"/show", object{}, "Idempotency-Key", "gui-1").want(t, http.StatusOK)
		}
	})
}
