package signoff

import (
	"errors"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// Files (tệp kèm theo) are a change of what hangs on a draft. A file is replaced by
// taking the old one off and adding the new one in the same act.
type Files struct {
	Add    []casefile.Document
	Remove []string // ids of the documents' rows; one that is gone already is passed over
}

// Enclose changes the files of a draft and leaves its text: by whose turn it is, while
// nothing is signed. The change is a version of its own, so that nobody signs files he
// did not see. Version is what the person saw, as in Edit.
func (d Desk) Enclose(tx *db.Tx, who org.Actor, id ID, in Files, note string, version int64) (p *Paper, err error) {
	defer fault.Wrap(&err, "files of paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if who, err = p.mine(who, p.open()); err != nil {
		return nil, err
	}
	e := Edit{Title: p.Title, Body: p.body, Guidance: p.Guidance, Note: note, Files: in, Version: version}
	if err := d.edit(tx, c, who, p, e); err != nil {
		return nil, err
	}
	return p, p.save(tx)
}

// keep writes a version; what moved among its files is told by the paper's own history
// and by the case's, to the unit's people.
func (p *Paper) keep(tx *db.Tx, c *casefile.Case, who org.Actor, in Edit, moved string) error {
	if in.Note == "" {
		in.Note = moved
	}
	if err := p.write(tx, who, in.Title, in.Body, in.Note); err != nil || moved == "" {
		return err
	}
	if err := p.mark(tx, who, refiled, moved); err != nil {
		return err
	}
	return p.record(tx, c, who, refiled, moved)
}

// refile takes files off the paper and adds others, and says which; "" when nothing moved.
func (p *Paper) refile(tx *db.Tx, who org.Actor, in Files) (say string, err error) {
	var off, on []string
	for _, id := range in.Remove {
		name, err := casefile.Detach(tx, p.Case, string(p.ID), id)
		if errors.Is(err, fault.NotFound) {
			continue // taken off meanwhile: what was wanted is so
		}
		if err != nil {
			return "", err
		}
		off = append(off, "“"+name+"”")
	}
	for _, f := range in.Add {
		// its unit's alone until the paper is released, whatever other posts its sender holds
		f.Case, f.EventN, f.PaperID, f.AddedBy, f.Audience = p.Case, 0, string(p.ID), who.Officer, org.OfUnit(p.Unit)
		if _, err := casefile.Attach(tx, f); err != nil {
			return "", err
		}
		on = append(on, "“"+f.Name+"”")
	}
	var parts []string
	if len(off) > 0 {
		parts = append(parts, "bỏ tệp "+strings.Join(off, ", "))
	}
	if len(on) > 0 {
		parts = append(parts, "thêm tệp "+strings.Join(on, ", "))
	}
	return strings.Join(parts, "; "), nil
}
