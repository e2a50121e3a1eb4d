package signoff

import (
	"strings"
	"unicode"
)

// A Piece is a run of words that two texts share, that only the old has (Old), or that
// only the new has (New).
type Piece struct {
	Text string
	Old  bool
	New  bool
}

// diffBound is the largest table of words that Diff compares: about two texts of two
// thousand changed words each. Past it the changed middle is shown whole.
const diffBound = 4_000_000

// Diff compares two texts word by word. The pieces that are not New make the old text,
// those that are not Old the new one; spaces stay with the word before them.
func Diff(old, text string) (all []Piece) {
	a, b := split(old), split(text)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	all = put(all, Piece{}, a[:head]...)
	all = middle(all, a[head:len(a)-tail], b[head:len(b)-tail])
	return put(all, Piece{}, a[len(a)-tail:]...)
}

// middle compares what is left between the same beginning and the same end, by the
// longest common run of words.
func middle(all []Piece, a, b []string) []Piece {
	if len(a)*len(b) > diffBound {
		return put(put(all, Piece{Old: true}, a...), Piece{New: true}, b...)
	}
	long := common(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			all = put(all, Piece{}, a[i])
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			all = put(all, Piece{Old: true}, a[i])
			i++
		default:
			all = put(all, Piece{New: true}, b[j])
			j++
		}
	}
	return put(put(all, Piece{Old: true}, a[i:]...), Piece{New: true}, b[j:]...)
}

// common is the table of the longest common run of words of a from i and b from j.
func common(a, b []string) [][]int32 {
	long := make([][]int32, len(a)+1)
	cells := make([]int32, (len(a)+1)*(len(b)+1))
	for i := range long {
		long[i] = cells[i*(len(b)+1) : (i+1)*(len(b)+1)]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	return long
}

// put adds words to the last piece of the same kind, or begins one.
func put(all []Piece, kind Piece, words ...string) []Piece {
	if len(words) == 0 {
		return all
	}
	text := strings.Join(words, "")
	if n := len(all); n > 0 && all[n-1].Old == kind.Old && all[n-1].New == kind.New {
		all[n-1].Text += text
		return all
	}
	kind.Text = text
	return append(all, kind)
}

// split cuts a text into words, each with the spaces that follow it.
func split(s string) (words []string) {
	from, gap := 0, false
	for i, r := range s {
		space := unicode.IsSpace(r)
		if gap && !space {
			words = append(words, s[from:i])
			from = i
		}
		gap = space
	}
	if from < len(s) {
		words = append(words, s[from:])
	}
	return words
}

// DiffOf compares two versions of a paper as people read them.
func (d Desk) DiffOf(kind string, old, text Version) ([]Piece, error) {
	k, err := d.kind(kind)
	if err != nil {
		return nil, err
	}
	return Diff(old.Title+"\n\n"+k.Read(old.Body), text.Title+"\n\n"+k.Read(text.Body)), nil
}
