package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/fault"
)

// newestMark returns the newest checkpoint of a witness folder, the zero Mark when it
// has none.
func newestMark(dir string, keys ring) (Mark, error) {
	marks, bad, err := readMarks(dir, keys)
	if err != nil {
		return Mark{}, err
	}
	if len(bad) > 0 {
		return Mark{}, fault.Refuse(fault.Conflict, "Tệp %s trong thư mục chứng không có chữ ký đúng.", bad[0])
	}
	if len(marks) == 0 {
		return Mark{}, nil
	}
	return marks[len(marks)-1], nil
}

// readMarks reads the checkpoints of a folder in order of size; bad names those that
// the keys do not open.
func readMarks(dir string, keys ring) (marks []Mark, bad []string, err error) {
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range names {
		if !strings.HasPrefix(n.Name(), checkpointPrefix) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, n.Name()))
		if err != nil {
			return nil, nil, err
		}
		m, err := keys.open(string(b))
		if err != nil {
			bad = append(bad, n.Name())
			continue
		}
		marks = append(marks, m)
	}
	sort.Slice(marks, func(i, j int) bool { return marks[i].Size < marks[j].Size })
	return marks, bad, nil
}

// A witness is what a folder proves by itself.
type witness struct {
	marks []Mark      // the checkpoints that its hashes confirm, by size
	nodes []tlog.Hash // the leaves up to the newest of them
	bad   []string    // files that do not fit
}

// readWitness loads a folder and believes no more of it than its signatures cover.
func readWitness(dir string, keys ring) (w witness, err error) {
	defer fault.Wrap(&err, "witness folder")
	marks, bad, err := readMarks(dir, keys)
	w.bad = bad
	if err != nil || len(marks) == 0 {
		return w, err
	}
	nodes, err := readNodes(dir, marks[len(marks)-1].Size)
	if err != nil {
		return w, err
	}
	var e edge
	for _, m := range marks {
		for e.size < m.Size && e.size < int64(len(nodes)) {
			if err := e.add(nodes[e.size]); err != nil {
				return w, err
			}
		}
		root, err := e.root()
		if err != nil {
			return w, err
		}
		if e.size != m.Size || root != m.root {
			w.bad = append(w.bad, fmt.Sprintf("%s%d", checkpointPrefix, m.Size))
			continue
		}
		w.marks, w.nodes = append(w.marks, m), nodes[:m.Size]
	}
	return w, nil
}

// readChanges reads the changes of the key that a folder holds, in no order.
func readChanges(dir string) (notes []string, err error) {
	names, err := filepath.Glob(filepath.Join(dir, changePrefix+"*"))
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		notes = append(notes, string(b))
	}
	return notes, err
}

// readNodes reads the leaves of a folder up to size, fewer when a file is missing.
func readNodes(dir string, size int64) (nodes []tlog.Hash, err error) {
	for n := int64(0); n*tileWidth < size; n++ {
		t := tlog.Tile{H: tileHeight, N: n, W: int(min(tileWidth, size-n*tileWidth))}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(t.Path())))
		if errors.Is(err, fs.ErrNotExist) {
			return nodes, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range len(b) / tlog.HashSize {
			nodes = append(nodes, hashAt(b, i))
		}
	}
	return nodes, nil
}

// proves returns the newest checkpoint that covers no position from seq on, and the
// oldest that does: between them something happened to it.
func (w witness) proves(seq int64) (before, after Mark) {
	for _, m := range w.marks {
		if m.Size > seq {
			return before, m
		}
		before = m
	}
	return before, Mark{}
}
