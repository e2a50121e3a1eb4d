package paper

import (
	"strconv"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// The names of what was released in one step, where a paper has its id: "kien-nghi" is
// what the commune raised, "tra-loi-2" the answer of the second round.
const (
	RaisedName   = "kien-nghi"
	answerPrefix = "tra-loi-"
)

// AnswerName is the name of a round's answer.
func AnswerName(round int64) string { return answerPrefix + strconv.FormatInt(round, 10) }

// mostEvents bounds the history in which the event of a release is looked for.
const mostEvents = 2000

// Released lays out what a unit on a path of one step raised or answered: it walked
// through no desk, so its text and signature stand in the event alone. The reader must
// hear of that event; a name that stands for nothing is a fault.NotFound.
func Released(tx *db.Tx, who org.Actor, of casefile.ID, name string) (out Print, err error) {
	defer fault.Wrap(&err, "lay out %s of %s", name, of)
	x := &composer{tx: tx, who: who}
	if x.p, err = petition.Get(tx, who, of); err != nil {
		return out, err
	}
	var d *Document
	unit := x.p.Raiser
	if name == RaisedName {
		d, err = x.raisedPaper()
	} else {
		d, unit, err = x.answerPaper(name)
	}
	if err != nil {
		return out, err
	}
	d.Kind, d.Code, d.Year = Letter, x.p.Code, workday.Of(tx.Now).Year()
	if err := x.issuer(d, unit); err != nil {
		return out, err
	}
	d.Receivers = []string{"Như trên;", "Lưu: VT."}
	t, err := templateOf(tx, unit, d.Kind)
	return Print{d, t}, err
}

// OfEvent lays out the paper that an event of a petition released, whichever way it walked:
// what the commune raised, or the answer of a round. Of another event it is a fault.NotFound.
func OfEvent(tx *db.Tx, who org.Actor, of casefile.ID, n int64) (out Print, err error) {
	defer fault.Wrap(&err, "lay out event %d of %s", n, of)
	p, err := petition.Get(tx, who, of)
	if err != nil {
		return out, err
	}
	if n == p.RaisedN {
		walked, err := signoff.OfCase(tx, who, of)
		for _, x := range walked {
			if x.Kind == petition.PaperRaise && x.State == signoff.Released {
				return Compose(tx, who, of, x.ID)
			}
		}
		if err != nil {
			return out, err
		}
		return Released(tx, who, of, RaisedName)
	}
	answers, err := petition.Answers(tx, of)
	for _, a := range answers {
		if a.EventN == n && a.PaperID != "" {
			return Compose(tx, who, of, signoff.ID(a.PaperID))
		}
		if a.EventN == n {
			return Released(tx, who, of, AnswerName(a.Round))
		}
	}
	if err == nil {
		err = fault.NotFound
	}
	return out, err
}

// raisedPaper is the commune's letter.
func (x *composer) raisedPaper() (*Document, error) {
	e, err := x.event(x.p.RaisedN)
	if err != nil {
		return nil, err
	}
	b, err := petition.BodyOf(x.tx, x.p)
	if err != nil {
		return nil, err
	}
	d := &Document{Symbol: x.p.Symbol, Date: dayOf(x.p.IssuedOn), Subject: x.p.Title, Body: raised(b)}
	if x.p.Lead != "" {
		if d.To, err = x.fullNames(x.p.Lead); err != nil {
			return nil, err
		}
	}
	return d, x.signed(d, e, x.p.Raiser)
}

// answerPaper is the department's letter of a round.
func (x *composer) answerPaper(name string) (d *Document, unit org.UnitID, err error) {
	all, err := petition.Answers(x.tx, x.p.ID)
	if err != nil {
		return nil, "", err
	}
	for _, a := range all {
		if AnswerName(a.Round) != name {
			continue
		}
		e, err := x.event(a.EventN)
		if err != nil {
			return nil, "", err
		}
		d = &Document{Symbol: a.Symbol, Unnumbered: a.Guidance, Date: dayOf(a.IssuedOn), Subject: "trả lời kiến nghị: " + x.p.Title}
		if d.Date.IsZero() { // guidance has no document's date: the day it went out
			d.Date = workday.Of(a.AnsweredAt)
		}
		d.Body = []Block{{Text: e.Text}, {Text: labelled("Kết quả", a.Outcome.Say()+".")}, {Text: labelled("Đã kiến nghị", a.ReferredTo)}, {Text: labelled("Căn cứ", e.Facts["basis"])}}
		if d.To, err = x.fullNames(x.p.Raiser); err != nil {
			return nil, "", err
		}
		return d, a.Unit, x.signed(d, e, a.Unit)
	}
	return nil, "", fault.NotFound
}

// event is one event of the case that the reader hears of; of one whose text was taken
// out there is nothing to print.
func (x *composer) event(n int64) (e casefile.Event, err error) {
	all, err := casefile.History(x.tx, x.who, x.p.ID, mostEvents)
	if err != nil {
		return e, err
	}
	for _, e := range all {
		if e.N == n && n != 0 && !e.Redacted {
			return e, nil
		}
	}
	return e, fault.NotFound
}

// signed fills who signed, as the event of the release says it.
func (x *composer) signed(d *Document, e casefile.Event, unit org.UnitID) error {
	u, err := org.UnitOf(x.tx, unit)
	if err != nil {
		return err
	}
	head, err := x.head(u.ID)
	if err != nil {
		return err
	}
	d.Signer = e.Facts["signer_name"]
	d.Capacity = org.Heading(u, org.Capacity(e.Facts["capacity"]), head, e.Facts["signer_title"])
	return nil
}

// dayOf is a stored day; none where none is stored.
func dayOf(s string) workday.Date {
	d, err := workday.ParseDate(s)
	if err != nil {
		return workday.Date{}
	}
	return d
}
