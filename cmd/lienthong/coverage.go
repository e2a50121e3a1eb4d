package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"lienthong/internal/regulation"
)

// stories are the scripts whose run proved the clauses; their text is part of the
// proof's hash, so that a proof of other stories shows as stale.
//
//go:embed testdata/script/*.txt
var stories embed.FS

// proof is what `make prove` wrote last; operations says which clauses each operation
// names, as the sources have it (a test keeps it current).
//
//go:embed coverage.json
var proof []byte

//go:embed operations.json
var operations []byte

// `regulation coverage`: which clause is carried by which rule, operation and story, and which by none.
type regulationCoverageCmd struct {
	JSON bool `name:"json" help:"In dạng JSON."`
}

// Run counts which clauses the program carries and which the stories prove.
func (c *regulationCoverageCmd) Run(a *app, parent *cli) error {
	lib, err := parent.Regulation.library()
	if err != nil {
		return err
	}
	covered, err := coverage(lib)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.out).Encode(covered)
	}
	w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
	fmt.Fprintf(w, "Mảng\tCó thể thực hiện\tPhần mềm thực hiện\tĐã kiểm chứng\n")
	for i := 1; i <= 18; i++ {
		id := fmt.Sprintf("M%02d", i)
		if x := covered.Areas[id]; x != nil {
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", id, x.Operable, x.Carried, x.Proven)
		}
	}
	fmt.Fprintf(w, "Cộng\t%d\t%d\t%d\n", covered.Operable, covered.Carried, covered.Proven)
	fmt.Fprintf(w, "Điều khoản về thái độ, chỉ nêu điều quan sát được: %d\n", covered.Shown)
	if covered.Stale {
		fmt.Fprintf(w, "Kết quả kiểm chứng đã cũ (stale): câu chuyện hoặc quy định đã đổi; chạy lại make prove.\n")
	}
	return w.Flush()
}

// coverage joins the library, the declared keys, the operations and the proof.
func coverage(lib *regulation.Library) (*regulation.Covered, error) {
	var ops map[string][]regulation.ClauseID
	if err := json.Unmarshal(operations, &ops); err != nil {
		return nil, fmt.Errorf("operations.json: %w", err)
	}
	hash, err := proofHash(lib)
	if err != nil {
		return nil, err
	}
	return regulation.Coverage(lib, keys(), ops, proof, hash)
}

// proofHash is the hash of the stories and the rules a proof holds for.
func proofHash(lib *regulation.Library) (string, error) {
	h := sha256.New()
	h.Write([]byte(lib.Hash()))
	err := fs.WalkDir(stories, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := stories.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n", path, len(text))
		h.Write(text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
