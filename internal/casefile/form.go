package casefile

import (
	"encoding/json"
	"strings"
)

// Members returns the texts of an event that is stored as the form it came in, by the names
// of their fields; nil for an event of one plain text.
func Members(text string) map[string]string {
	var fields map[string]any
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &fields) != nil {
		return nil
	}
	all := map[string]string{}
	for name, v := range fields {
		if s, ok := v.(string); ok && s != "" {
			all[name] = s
		}
	}
	return all
}
