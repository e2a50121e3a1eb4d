package route

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed lexicon.tsv
var lexiconFile string

//go:embed near.tsv
var nearFile string

//go:embed weights.tsv
var weightsFile string

//go:embed sentences.txt
var sentencesFile string

// Shipped returns the model that the program carries. It is read once.
var Shipped = sync.OnceValues(func() (*Model, error) { return Parse(lexiconFile, nearFile, weightsFile) })

// Bare returns the lexicon alone, what fitting starts from.
func Bare() (*Model, error) { return Parse(lexiconFile, nearFile, "") }

// Invented returns the sentences of sentences.txt: difficulties made up for the model,
// none taken from a text.
func Invented() ([]Example, error) { return ParseSentences(sentencesFile) }

// ParseSentences reads difficulties listed under [field] headings, one a line; # begins
// a comment.
func ParseSentences(text string) (all []Example, err error) {
	field := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			field = strings.Trim(line, "[]")
		case field == "":
			return nil, fmt.Errorf("a sentence before any [field]: %.40q", line)
		default:
			all = append(all, Example{Text: line, Field: field})
		}
	}
	return all, nil
}
