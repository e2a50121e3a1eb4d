package signoff

import (
	"encoding/json"
	"strings"
)

// PlainText is the text of a paper whose kind has nothing else to edit: a body is that text
// itself, or an object of the slice's own form with the text as its member "text".
func PlainText(body string) string {
	var b struct {
		Text *string `json:"text"`
	}
	if json.Unmarshal([]byte(body), &b) != nil || b.Text == nil {
		return body
	}
	return *b.Text
}

// WithText puts another text into a body and keeps all else that the slice wrote into it:
// whoever edits the words must not lose what they belong to.
func WithText(body, text string) (string, error) {
	if !strings.HasPrefix(strings.TrimSpace(body), "{") {
		return text, nil
	}
	members := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(body), &members) != nil || members["text"] == nil {
		return text, nil
	}
	raw, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	members["text"] = raw
	out, err := json.Marshal(members)
	return string(out), err
}
