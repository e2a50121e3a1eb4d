package api_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/org"
)

// fields are the names that some act reads, and one that none does.
var fields = []string{"title", "text", "field", "tried", "basis", "proposal", "met_on", "attachments", "capacity", "number", "issued_on", "outcome", "referred_to",
	"competent", "next_report", "officer", "section", "instruction", "inner_on", "co_workers", "readers", "to", "reason", "ground", "settled", "comment", "unit", "kind", "lạ"}

// anything draws a JSON value, most of them not what the field wants.
func anything() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Custom(func(rt *rapid.T) any { return rapid.String().Draw(rt, "text") }),
		rapid.Custom(func(rt *rapid.T) any {
			return rapid.SampledFrom([]any{nil, true, 0, -1, 1e300, "", " ", "\x00", "9999-99-99", "0000-00-00", "-1", "\u202e", []any{}, []string{""}, []any{nil, 1}, map[string]any{"a": 1}, "resolved", "answer", "khoa-hoc-cong-nghe-thong-tin", "so-tu-phap"}).Draw(rt, "edge")
		}),
	)
}

// Whatever is sent as a body is taken or refused in words: the program never fails on it.
func TestAnyBody(t *testing.T) {
	f := one(t)
	rules := f.door.Rules()
	rules.TokenRate = -1
	f.door.SetRules(rules)
	id := f.raise().text("id")
	paths := []string{"", "/drafts", "/direct", "/register", "/return-up", "/forward", "/assign", "/return", "/answer", "/settle", "/report", "/ask", "/clarify", "/split", "/contribute", "/urge", "/explanation"}
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.MapOfN(rapid.SampledFrom(fields), anything(), 0, 8).Draw(rt, "body")
		raw, err := json.Marshal(body)
		if err != nil {
			rt.Fatal(err)
		}
		text := string(raw)
		if rapid.IntRange(0, 4).Draw(rt, "torn") == 0 {
			at := rapid.IntRange(0, len(text)).Draw(rt, "at")
			text = text[:at] + rapid.SampledFrom([]string{"", "\xff", "}", "{", "\"", "\\ud800"}).Draw(rt, "with") + text[at:]
		}
		path := "/api/v1/petitions"
		if p := rapid.SampledFrom(paths).Draw(rt, "path"); p != "" {
			path += "/" + id + p
		}
		who := rapid.SampledFrom([]org.OfficerID{f.office.Leader.Officer, f.office.Commune.Officer}).Draw(rt, "who")
		a := f.do(who, "POST", path, text)
		if a.status >= 500 || a.status >= 400 && a.text("detail") == "" {
			rt.Fatalf("POST %s %q: %d %s", path, text, a.status, a.raw)
		}
	})
}
