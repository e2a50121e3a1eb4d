package edxml

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// How deep and how wide the header of a packet may be: what is beyond is no packet but
// an attack on its reader.
const (
	deepest = 40
	widest  = 20_000
)

// A node is an element by its local name: prefixes and namespaces differ between systems.
type node struct {
	name string
	text []byte  // grown in place: a packet may cut its text into many pieces
	kids []*node // in the order of the file
}

// first returns the node at a path of local names below n, or nil.
func (n *node) first(path ...string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		var next *node
		for _, k := range n.kids {
			if k.name == name {
				next = k
				break
			}
		}
		n = next
	}
	return n
}

// find returns the first node of a name anywhere below, in the order of the text.
func (n *node) find(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
		if f := k.find(name); f != nil {
			return f
		}
	}
	return nil
}

// Children of one name.
func (n *node) all(name string) (all []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			all = append(all, k)
		}
	}
	return all
}

// say is the trimmed text at a path; "" where there is none.
func (n *node) say(path ...string) string {
	if n = n.first(path...); n == nil {
		return ""
	}
	return strings.TrimSpace(string(n.text))
}

// parse reads the elements of a text of at most limit bytes.
func parse(r io.Reader, limit int64) (*node, error) {
	d := xml.NewDecoder(&capped{r: r, left: limit})
	d.CharsetReader = charset
	d.Strict = true
	top := &node{}
	way := []*node{top}
	count := 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken(way, err)
		}
		at := way[len(way)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if count++; count > widest || len(way) > deepest {
				return nil, damaged(where(way), "quá nhiều phần tử lồng nhau")
			}
			k := &node{name: t.Name.Local}
			at.kids = append(at.kids, k)
			way = append(way, k)
		case xml.EndElement:
			way = way[:len(way)-1]
		case xml.CharData:
			if len(way) > 1 {
				at.text = append(at.text, t...)
			}
		}
	}
	if len(top.kids) == 0 {
		return nil, damaged("edXML", "không có nội dung XML")
	}
	return top, nil
}

// Where in a packet something is wrong.
func where(way []*node) string {
	if len(way) < 2 {
		return "edXML"
	}
	return way[len(way)-1].name
}

// broken says where the XML ends to be XML; a refusal of a layer below passes.
func broken(way []*node, err error) error {
	var d *Damaged
	if errors.As(err, &d) {
		return err
	}
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return damaged(where(way), "dòng %d không đúng dạng XML (%s)", s.Line, s.Msg)
	}
	return damaged(where(way), "%v", err)
}

// charset takes the names under which systems write UTF-8. UTF-16 was never seen on the
// exchange and would hide the tags from the reader of files.
func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "utf8", "utf-8", "us-ascii", "ascii":
		return in, nil
	}
	return nil, damaged("edXML", "bảng mã %.20q không nhận; chỉ nhận UTF-8", label)
}

// capped gives at most left bytes and then says that the header is too long.
type capped struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, damaged("edXMLHeader", "dài quá mức nhận")
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
