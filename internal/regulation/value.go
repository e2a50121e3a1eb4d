package regulation

import (
	"fmt"
	"strconv"

	"lienthong/internal/fault"
)

// A Value is what a rule gives for one parameter: the words as written, the clause
// that says so where it differs from the rule's, and a note where the text is silent.
type Value struct {
	Values  []string   `json:"values"`
	Clauses []ClauseID `json:"clauses,omitempty"`
	Note    string     `json:"note,omitempty"`
}

// UnmarshalYAML reads a bare scalar or list, or {value, clauses, note}.
func (v *Value) UnmarshalYAML(unmarshal func(any) error) error {
	var raw any
	if err := unmarshal(&raw); err != nil {
		return err
	}
	m, ok := raw.(map[string]any)
	if !ok {
		values, err := words(raw)
		v.Values = values
		return err
	}
	for k, x := range m {
		list, err := words(x)
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		switch {
		case k == "value":
			v.Values = list
		case k == "clauses":
			v.Clauses = clauseIDs(list)
		case k == "note" && len(list) == 1:
			v.Note = list[0]
		default:
			return fmt.Errorf("unknown part %q of a value: %w", k, fault.Invalid)
		}
	}
	return nil
}

// words turns a YAML scalar or list into texts; a map or an empty value is refused.
func words(raw any) ([]string, error) {
	switch x := raw.(type) {
	case string:
		return []string{x}, nil
	case bool:
		return []string{strconv.FormatBool(x)}, nil
	case uint64:
		return []string{strconv.FormatUint(x, 10)}, nil
	case int64:
		return []string{strconv.FormatInt(x, 10)}, nil
	case []any:
		var all []string
		for _, e := range x {
			w, err := words(e)
			if err != nil {
				return nil, err
			}
			all = append(all, w...)
		}
		return all, nil
	}
	return nil, fmt.Errorf("value of type %T: %w", raw, fault.Invalid)
}

// Clauses as ids.
func clauseIDs(list []string) []ClauseID {
	ids := make([]ClauseID, len(list))
	for i, s := range list {
		ids[i] = ClauseID(s)
	}
	return ids
}
