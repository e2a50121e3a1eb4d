package extract

// A stretch is a range of tokens [from, to).
type stretch struct{ from, to int }

// noEnd are words whose full stop ends no sentence.
var noEnd = table("tp|ths|ts|pgs|gs|bs|ks|tx|tt|p|q|h|v|đ|c|st|stt|vv|tr")

// sentences cuts the tokens of an item at full stops. Semicolons end none.
func sentences(t []token) []stretch {
	var out []stretch
	from := 0
	for i := range t {
		if !oneOf(t, i, ".", "!", "?") || i == from {
			continue
		}
		if i+1 < len(t) && !endsHere(t, i) {
			continue
		}
		out = append(out, stretch{from, i + 1})
		from = i + 1
	}
	if from < len(t) {
		out = append(out, stretch{from, len(t)})
	}
	return out
}

// endsHere tells a full stop that ends a sentence from one in a number or abbreviation.
func endsHere(t []token, i int) bool {
	next := t[i+1]
	k := i + 1
	for k < len(t) && oneOf(t, k, "(", "\"", "“", "'", "-") {
		k++
	}
	switch {
	case next.glued && next.number, next.glued && t[i].lo == "." && next.lo == ".":
		return false
	case k < len(t) && !t[k].cap && !t[k].number:
		return false
	case t[i-1].word && noEnd.at(t, i-1) > 0 && t[i-1].cap:
		return false
	}
	return true
}
