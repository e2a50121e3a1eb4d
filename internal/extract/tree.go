package extract

import "strconv"

// An item is one node of the body: a numbered, lettered or dashed item, or an unmarked
// paragraph. Labels are kept as printed, repeated or out of order.
type item struct {
	kind     kind
	label    string
	m        mapped // its own text, without the marker
	toks     []token
	parent   *item
	children []*item
	row      bool
	final    bool // an unmarked paragraph after which no item follows
	preamble bool // stands before the first item

	told        bool   // it stands in a section that tells bodies what to do
	annex       string // of which it is a part, as its clauses begin
	first, last int    // the proposals it made, [first, last)
}

// grow builds the tree of the paragraphs of one region; the root has no text.
func grow(paras []paragraph) *item {
	root := &item{}
	top := root
	seen := false
	for _, p := range paras {
		mk := markerOf(p.m.s)
		if p.row {
			mk = marker{}
		}
		it := &item{kind: mk.kind, label: mk.label, m: p.m.sub(min(mk.n, len(p.m.s)), len(p.m.s)), row: p.row}
		it.toks = tokens(it.m.s)
		if mk.kind == noMarker {
			it.kind = paraItem
			it.parent = above(top)
			if p := it.parent; p == top && p.parent != nil && p.parent.parent != nil && datesOnly(it.toks) && pointsBack(it.toks) {
				it.parent = p.parent // "Các công việc trên hoàn thành …": of the section, not of its last item
			}
			it.preamble = !seen
		} else {
			seen = true
			it.parent = inOrder(it, top)
		}
		it.parent.children = append(it.parent.children, it)
		top = it
	}
	return root.closed()
}

// inOrder finds the parent of a marked item: the nearest open item of a smaller kind.
func inOrder(it, top *item) *item {
	p := top
	for p.parent != nil && p.kind >= it.kind {
		p = p.parent
	}
	return p
}

// above is where an unmarked paragraph belongs after the item top: inside a heading,
// beside another paragraph, else in the section whose last item top is.
func above(top *item) *item {
	switch {
	case top.kind == paraItem: // paragraphs stand beside each other
		return top.parent
	case top.parent == nil || top.isHeading():
		return top
	case top.kind >= letterItem: // a paragraph after a list closes the section of the list
		p := top.parent
		for p.parent != nil && p.kind >= subItem {
			p = p.parent
		}
		return p
	}
	return top
}

// pointsBack tells that a sentence speaks of several things said before it: "các nội dung trên".
func pointsBack(t []token) bool {
	for i := 0; i < len(t) && i < 10; i++ {
		if oneOf(t, i, "trên") && i > 1 && !oneOf(t, i+1, "địa", "cơ", "toàn", "tinh", "cả") {
			return oneOf(t, 0, "các", "những", "toàn", "tất") || oneOf(t, 1, "các", "những") || oneOf(t, 2, "các", "những")
		}
	}
	return false
}

// isHeading tells that an item has no sentence of its own: it names a field or a body,
// or ends with a colon.
func (it *item) isHeading() bool {
	n := len(it.toks)
	if n == 0 {
		return true
	}
	last := it.toks[n-1].lo
	if it.kind >= dashItem {
		return last == ":"
	}
	return last == ":" || n <= 45 && last != "." && last != ";" || n <= 4
}

// closed marks the last unmarked paragraphs of the region as final.
func (it *item) closed() *item {
	last := it
	for len(last.children) > 0 {
		last = last.children[len(last.children)-1]
	}
	for last.kind == paraItem && last.parent != nil && !last.preamble {
		last.final = true
		sib := last.parent.children
		i := len(sib) - 1
		for i > 0 && sib[i].kind == paraItem && sib[i].final {
			i--
		}
		if sib[i].kind != paraItem || sib[i].final {
			break
		}
		last = sib[i]
	}
	return it
}

// clause is the path of an item: "2.b.-3", "Điều 3.6", "2.¶2", "body".
func (it *item) clause() string {
	path := ""
	skip := it.lonely()
	for p := it; p.parent != nil; p = p.parent {
		if p == it && skip {
			continue
		}
		if it.kind != p.kind && p.kind < thirdItem && p.kind >= numberItem && p.hasDecimal(path) {
			continue
		}
		l := p.label
		switch p.kind {
		case dashItem, plusItem:
			l = p.label + strconv.Itoa(p.nth())
		case paraItem:
			l = "¶" + strconv.Itoa(p.nth())
		}
		if path != "" {
			path = "." + path
		}
		path = l + path
	}
	if path == "" || path[0] == 0xC2 && it.parent.parent == nil {
		return "body"
	}
	return path
}

// hasDecimal tells that the path below already begins with this item's number: the
// label "2.1" stands for 2 and 1.
func (it *item) hasDecimal(path string) bool {
	return len(path) > len(it.label) && path[:len(it.label)] == it.label && path[len(it.label)] == '.' && path[len(it.label)+1] != '-' && path[len(it.label)+1] < 'A' && it.kind < letterItem
}

// lonely tells that an unmarked paragraph is all there is under its item.
func (it *item) lonely() bool {
	if it.kind != paraItem || it.parent.parent == nil {
		return false
	}
	n := 0
	for _, c := range it.parent.children {
		if c.kind != paraItem {
			return false
		}
		if len(c.toks) > 12 {
			n++
		}
	}
	return n <= 1 && it.parent.isHeading()
}

// nth counts an item among its like, from 1; a section with a text of its own counts
// that as its first paragraph.
func (it *item) nth() int {
	n := 0
	if it.kind == paraItem && !it.parent.isHeading() {
		n = 1
	}
	for _, c := range it.parent.children {
		if c.kind == it.kind {
			n++
		}
		if c == it {
			break
		}
	}
	return n
}
