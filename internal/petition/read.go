package petition

import (
	"encoding/json"
	"errors"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

// Raises says in the name of which of his units an actor may raise a petition: those
// whose rule says what they state when they do.
func Raises(tx *db.Tx, who org.Actor) (units []org.UnitID, err error) {
	rb, err := regulation.Current(tx)
	if errors.Is(err, fault.NotFound) {
		return nil, nil // nothing is adopted yet
	}
	if err != nil {
		return nil, err
	}
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	for _, p := range posts {
		if p.Role == org.Admin || contains(units, p.Unit) {
			continue
		}
		u, err := org.UnitOf(tx, p.Unit)
		if err != nil {
			return nil, err
		}
		if raises(tx, rb, u) {
			units = append(units, p.Unit)
		}
	}
	return units, nil
}

// raises says whether a rule lets a unit raise: a commune in any field, another in the
// fields that the rule names. A body inside a commune raises through the commune.
func raises(tx *db.Tx, rb *regulation.Rulebook, u org.Unit) bool {
	if u.Commune() || u.Level == org.LevelCommune {
		_, err := rb.Rule(MustRaise, tx.Now, u.ID, "")
		return err == nil && u.Commune()
	}
	return slices.ContainsFunc(rb.Catalogue(), func(f regulation.Field) bool {
		_, err := rb.Rule(MustRaise, tx.Now, u.ID, f.ID)
		return err == nil
	})
}

// Targets returns the units to which the lead may forward a petition, or which the
// Office may name: those whose rule makes them answer communes.
func Targets(tx *db.Tx, p *Petition) (all []org.Unit, err error) {
	rb, err := p.rulebook(tx)
	if err != nil {
		return nil, err
	}
	units, err := org.Units(tx, org.Filter{Level: org.LevelProvince})
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if u.ID == p.Lead || u.ID == p.Raiser {
			continue
		}
		if _, err := rb.Find(p.owed(tx, u.ID)); err == nil {
			all = append(all, u)
		}
	}
	return all, nil
}

// Overseers returns the units that oversee the lead of a petition.
func Overseers(tx *db.Tx, p *Petition) ([]org.UnitID, error) {
	if p.Lead == "" {
		return nil, nil
	}
	all, err := p.overseers(tx, p.Lead)
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied {
		return nil, nil // no rule binds this lead (the Office with a declared hole)
	}
	return all, err
}

// Rules returns the rulebook that a petition runs under.
func Rules(tx *db.Tx, p *Petition) (*regulation.Rulebook, error) { return p.rulebook(tx) }

// AnswerDuty returns the duty to answer that a page explains: the one that runs, else
// the one that ended last; nil for a petition that armed none. What one unit handed to
// another ends when the other's begins, so it is never the last but for a petition given
// back.
func AnswerDuty(all []*duty.Duty, p *Petition) (d *duty.Duty) {
	for _, x := range all {
		switch {
		case x.Rule != MustAnswer:
		case d == nil, x.EndedAt.IsZero():
			d = x
		case !d.EndedAt.IsZero() && (x.EndedAt.After(d.EndedAt) || x.EndedAt.Equal(d.EndedAt) && x.Owner == p.Lead):
			d = x
		}
	}
	return d
}

// Forms are the kinds of event whose text is stored as a form, with how people read it.
var Forms = map[string]func(text string) string{"petition.raised": readRaise}

// TextOf returns the text of an event as people read it: some are stored as the form
// they came in.
func TextOf(e casefile.Event) string {
	if read := Forms[e.Kind]; read != nil && e.Text != "" {
		return read(e.Text)
	}
	return e.Text
}

// RaiseDraft reads the body of a commune's draft back into its form.
func RaiseDraft(title, body string) (in Raise, err error) {
	var d raiseDraft
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return in, err
	}
	return d.raise(org.UnitID(d.Unit), title), nil
}

// Body is the form of a commune's draft as a paper keeps it.
func (in Raise) Body() (string, error) {
	b, err := json.Marshal(raiseDraft{Field: in.Field, To: string(in.To), Amend: in.Amend, MetOn: in.MetOn, Unit: string(in.Unit),
		Body: Body{Text: vntext.NFC(in.Text), Basis: vntext.NFC(in.Basis), Tried: vntext.NFC(deref(in.Tried)), Proposal: vntext.NFC(in.Proposal)}})
	return string(b), err
}

// ReplyDraft reads the body of an answer's or an explanation's draft back into its form.
func ReplyDraft(body string) (in Reply, err error) {
	err = json.Unmarshal([]byte(body), &in)
	return in, err
}

// Body is the form of an answer as a paper keeps it.
func (in Reply) Body() (string, error) {
	b, err := json.Marshal(in)
	return string(b), err
}

// OpenParts are the departments that were asked for their part and owe it still.
func OpenParts(all []*duty.Duty) (units []org.UnitID) {
	for _, d := range all {
		if d.Rule == MustContribute && d.EndedAt.IsZero() && !slices.Contains(units, d.Owner) {
			units = append(units, d.Owner)
		}
	}
	return units
}
