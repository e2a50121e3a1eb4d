package story

import (
	"fmt"
	"strings"
)

// A Script is one story: its file's name and its lines.
type Script struct {
	Name  string
	Lines []Line
}

// A Line is one act: the verb and its arguments, with where it stands in the file.
type Line struct {
	N    int
	Verb string
	Args []string
}

// Parse reads a script. A "#" begins a comment line, single quotes hold words together
// and two of them inside stand for one.
func Parse(name, text string) (*Script, error) {
	s := &Script{Name: name}
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.TrimSpace(raw)
		if raw == "" || strings.HasPrefix(raw, "#") {
			continue
		}
		words, err := split(raw)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		s.Lines = append(s.Lines, Line{N: i + 1, Verb: words[0], Args: words[1:]})
	}
	return s, nil
}

// split cuts a line into words.
func split(s string) (words []string, err error) {
	var b strings.Builder
	quoted, any := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' && quoted && i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte(c)
			i++
		case c == '\'':
			quoted, any = !quoted, true
		case c == ' ' && !quoted:
			if any || b.Len() > 0 {
				words = append(words, b.String())
			}
			b.Reset()
			any = false
		default:
			b.WriteByte(c)
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed")
	}
	if any || b.Len() > 0 {
		words = append(words, b.String())
	}
	return words, nil
}

// given are the arguments of an act: those with a name and those without, in order.
type given struct {
	all   []string // as they stand
	plain []string
	named map[string]string
}

// Splits the words of a line into plain ones and name=value ones, whose order does not matter.
func arguments(args []string) given {
	g := given{all: args, named: map[string]string{}}
	for _, a := range args {
		if name, value, ok := strings.Cut(a, "="); ok && isName(name) {
			g.named[name] = value
			continue
		}
		g.plain = append(g.plain, a)
	}
	return g
}

// Only small letters and underscores name a value: a text with "=" in it stays a text.
func isName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '_' {
			return false
		}
	}
	return s != ""
}

// at returns the nth argument without a name, "" when there are fewer.
func (g given) at(n int) string {
	if n < len(g.plain) {
		return g.plain[n]
	}
	return ""
}
