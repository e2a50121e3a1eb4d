package like

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"lienthong/internal/vntext"
)

// A piece is what is counted of a text.
type piece struct {
	hash   uint64
	weight float32 // of its kind
}

// Weights of the kinds. A Vietnamese word is mostly two syllables, so the pair says more
// than the syllable, which without its marks has many meanings; a thing called by any of
// its names says most.
const (
	ofSyllable = 0.8
	ofPair     = 0.4
	ofThree    = 0.1
	ofThing    = 1.2
	ofSaying   = 0.8  // a way of saying that is no thing
	ofFiller   = 0.05 // a syllable that every letter has
)

//go:embed words.txt
var wordsText string

// A lexicon is words.txt as it is asked.
type lexicon struct {
	filler map[string]bool    // syllables that say nothing
	things map[string][]thing // by the first syllable of a name
}

// A thing of several syllables that counts as one, whichever of its names a text uses.
type thing struct {
	syllables []string
	number    uint64 // the same for all its names
	weight    float32
}

var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{filler: map[string]bool{}, things: map[string][]thing{}}
	for n, line := range strings.Split(wordsText, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "- "):
			for _, s := range strings.Fields(vntext.Fold(line)) {
				l.filler[s] = true
			}
		default:
			names, saying := strings.CutPrefix(line, "~ ")
			of := thing{number: uint64(n) + 1, weight: ofThing}
			if saying {
				of.weight = ofSaying
			}
			for _, name := range strings.Split(names, "|") {
				of.syllables = strings.Fields(vntext.Fold(name))
				l.name(of)
			}
		}
	}
	return l
})

// name puts one name of a thing in.
func (l *lexicon) name(t thing) {
	if len(t.syllables) > 0 {
		l.things[t.syllables[0]] = append(l.things[t.syllables[0]], t)
	}
}

// pieces returns the different pieces of a text in their order, at most longest.
func pieces(text string) []piece {
	l := words()
	syllables := strings.Fields(vntext.Fold(text))
	syllables = syllables[:min(len(syllables), longest)]
	empty := make([]bool, len(syllables)) // filler
	for i, s := range syllables {
		empty[i] = l.filler[s]
	}
	all := make([]piece, 0, min(3*len(syllables), longest))
	var seen set
	add := func(hash uint64, kind float32, filler bool) {
		if len(all) < longest && seen.add(hash) {
			if filler {
				kind = ofFiller
			}
			all = append(all, piece{hash, kind})
		}
	}
	for i, s := range syllables {
		one := mix(start, s)
		filler := empty[i] // a piece is, if every syllable of it is
		add(one, ofSyllable, filler)
		if i+1 < len(syllables) {
			two := mix(one, syllables[i+1])
			filler = filler && empty[i+1]
			add(two, ofPair, filler)
			if i+2 < len(syllables) {
				add(mix(two, syllables[i+2]), ofThree, filler && empty[i+2])
			}
		}
		for t := range l.at(syllables[i:]) {
			add(start^t.number*prime, t.weight, false)
		}
	}
	return all
}

// A set holds the hashes of one text, at most longest; it needs no memory of its own.
type set [1 << setBits]uint64

const setBits = 10

// add says whether a hash is new to the set.
func (s *set) add(hash uint64) bool {
	hash |= 1 // 0 is a free place
	i := hash >> (64 - setBits)
	for ; s[i] != 0; i = (i + 1) % (1 << setBits) {
		if s[i] == hash {
			return false
		}
	}
	s[i] = hash
	return true
}

// at yields every thing that is named where the syllables begin: a longer name and those
// that it begins with, since "trạm y tế" is a trạm for whoever says no more.
func (l *lexicon) at(syllables []string) func(yield func(thing) bool) {
	return func(yield func(thing) bool) {
		for _, t := range l.things[syllables[0]] {
			n := len(t.syllables)
			if n <= len(syllables) && slices.Equal(t.syllables, syllables[:n]) && !yield(t) {
				return
			}
		}
	}
}

// FNV-1a over the syllables and the ends between them: two pieces of one index with the
// same hash are so rare that they change no order.
const (
	start uint64 = 14695981039346656037
	prime uint64 = 1099511628211
)

// FNV with an end after each syllable: "an toan" and "anto an" are two.
func mix(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return (h ^ 0xff) * prime
}
