package signoff_test

import (
	"encoding/json"
	"testing"

	"lienthong/internal/signoff"
)

// The words of a paper are replaced and what they belong to stays.
func TestWithText(t *testing.T) {
	for _, tt := range []struct{ name, body, text string }{
		{"a text alone", "Chữ cũ", "Chữ cũ"},
		{"a text in braces", "{không phải JSON}", "{không phải JSON}"},
		{"an object without a text", `{"case":"x"}`, `{"case":"x"}`},
		{"an object", `{"text":"Chữ cũ","case":"x","type":"công văn"}`, "Chữ cũ"},
	} {
		if got := signoff.PlainText(tt.body); got != tt.text {
			t.Errorf("%s: the text is %q, want %q", tt.name, got, tt.text)
		}
		body, err := signoff.WithText(tt.body, "Chữ mới")
		if err != nil || signoff.PlainText(body) != "Chữ mới" {
			t.Errorf("%s: %q (%v) after the edit", tt.name, body, err)
		}
	}
	body, err := signoff.WithText(`{"text":"Chữ cũ","case":"x","type":"công văn"}`, "Chữ mới")
	var b struct{ Text, Case, Type string }
	if err != nil || json.Unmarshal([]byte(body), &b) != nil || b.Case != "x" || b.Type != "công văn" {
		t.Errorf("an edit lost what the text belongs to: %s (%v)", body, err)
	}
}
