package story

import (
	"fmt"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A verb does one kind of line. It returns what the story may see; an error with a kind
// is a refusal, which the next line must look at.
type verb func(r *run, g given) (out string, err error)

// verbs are the words of stories. The first argument of an act on a case or paper is
// the label that the story gave it.
var verbs = map[string]verb{
	"at": moveClock, "as": actAs, "sweep": sweep, "look": lookAt, "history": historyOf, "notices": notices, "figures": figures,
	"raise": raise, "register": register, "direct": directIt, "return-up": returnUp, "forward": forward, "assign": assign,
	"ask": ask, "clarify": clarify, "split": splitIt, "contribute": contribute, "answer": answer, "report": report,
	"settle": settle, "return": giveBack, "urge": urge, "explain": explain,
	"draft": draftRaise, "draft-answer": draftAnswer, "draft-explanation": draftExplanation,
	"submit": submit, "review": review, "send-back": sendBack, "sign": sign, "release": release,
	"group": formGroup, "group-add": groupAdd, "group-leave": groupLeave, "group-answer": groupAnswer, "draft-group-answer": draftGroupAnswer,
	"propose": propose, "look-group": lookGroup, "score": scoreYear,
	"bank-propose": bankPropose, "bank-approve": bankAct("approve"), "bank-edit": bankAct("edit"), "bank-return": bankAct("return"), "bank-retract": bankAct("retract"),
	"bank-spare": bankAct("spare"), "bank-copy": bankAct("copy"), "bank-like": bankLike, "end-text": endText,
	"work": workItem, "work-do": itemDo, "look-work": lookWorkItem, "programme": programmeOf, "programme-do": programmeDo, "begin": beginWork, "look-programme": lookProgramme, "weekly": weekly,
	"incident": incidentDo,
	"contact":  contact, "cover": cover, "replay": replay, "one-step": oneStep, "packet": packet, "holiday": holiday, "adopt": adoptProfile, "command": command, "restart": restart, "get": get, "post": post, "call": callIt,
}

// moveClock: at 2026-03-05 09:00. Only the first may go back: matters never do.
func moveClock(r *run, g given) (string, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", g.at(0)+" "+g.at(1), workday.Office)
	if err != nil {
		return "", err
	}
	if r.moved && t.Before(r.now) {
		return "", fmt.Errorf("the clock stands at %s already", r.now.In(workday.Office).Format(time.DateTime))
	}
	r.now, r.moved = t, true
	return "", nil
}

// actAs: as leader 04849, as specialist so-tu-phap/phong-hanh-chinh-tu-phap, as leader
// so-y-te 2 for the second of them; or as an officer's id.
func actAs(r *run, g given) (string, error) {
	r.post = ""
	if g.at(1) == "" {
		r.who = org.OfficerID(g.at(0))
		return "", nil
	}
	unit, section := org.UnitID(g.at(1)), org.UnitID("")
	if owner, _, ok := strings.Cut(g.at(1), "/"); ok {
		unit, section = org.UnitID(owner), unit
	} else if owner, _, ok := strings.Cut(g.at(1), "."); ok {
		unit, section = org.UnitID(owner), unit
	}
	nth := 1
	if g.at(2) != "" {
		fmt.Sscan(g.at(2), &nth)
	}
	return "", r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		held, err := org.Officers(tx, unit)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Post.Role == org.Role(g.at(0)) && (section == "" || h.Post.Section == section) {
				if nth--; nth == 0 {
					r.who, r.post = h.Officer.ID, h.Post.ID
					return nil
				}
			}
		}
		return fmt.Errorf("%s has no %s", g.at(1), g.at(0))
	})
}

// sweep looks at the duties whose instant has come: "reminded 1 missed 0".
func sweep(r *run, _ given) (string, error) {
	s := duty.Sweeper{DB: r.office.DB, Kinds: r.p.Duties, Node: "story"}
	did, err := s.Sweep(r.ctx)
	return fmt.Sprintf("reminded %d missed %d", did.Reminded, did.Missed), err
}

func raiseInput(g given) petition.Raise {
	in := petition.Raise{Unit: org.UnitID(g.named["unit"]), Title: g.at(1), Field: g.named["field"], To: org.UnitID(g.named["to"]), Amend: g.named["amend"] == "yes", Text: g.named["text"],
		Basis: g.named["basis"], Proposal: g.named["proposal"], MetOn: g.named["met"]}
	if in.Text == "" {
		in.Text = g.at(1)
	}
	tried, asked := g.named["tried"]
	if !asked {
		tried = "Xã đã làm việc với các đơn vị trên địa bàn nhưng vượt thẩm quyền."
	}
	in.Tried = &tried
	return in
}

// raise: raise KN-1 'what is wrong' field=… [text=… tried=… basis=… proposal=… met=2026-02-01]
func raise(r *run, g given) (string, error) {
	var id casefile.ID
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		p, err := petition.RaiseNow(tx, who, raiseInput(g))
		if err == nil {
			id = p.ID
		}
		return err
	})
	if err != nil {
		return "", err
	}
	r.labels[g.at(0)] = string(id)
	return r.describe(g.at(0), org.System("story"))
}

// on runs an operation on the case that the first argument names.
func on(r *run, g given, op func(tx *db.Tx, who org.Actor, id casefile.ID) error) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return r.act(g.at(0), func(tx *db.Tx, who org.Actor) error { return op(tx, who, id) })
}

func register(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Register(tx, who, id, 0)
		return err
	})
}

// directIt: direct KN-1 section=… | officer=… ['instruction'] [inner=2026-02-20]
func directIt(r *run, g given) (string, error) {
	in := direct.In{Section: org.UnitID(g.named["section"]), Officer: org.OfficerID(g.named["officer"]), Instruction: g.at(1)}
	if day := g.named["inner"]; day != "" {
		var err error
		if in.InnerOn, err = workday.ParseDate(day); err != nil {
			return "", err
		}
	}
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Direct(tx, who, id, in, 0)
		return err
	})
}

func returnUp(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.ReturnUp(tx, who, id, g.at(1), 0)
		return err
	})
}

// forward: forward KN-1 to=so-… 'reason'; assign is the same act of the Office.
func forward(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Forward(tx, who, id, petition.Forwarding{To: org.UnitID(g.named["to"]), Reason: g.at(1)})
		return err
	})
}

func assign(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.AssignLead(tx, who, id, petition.Forwarding{To: org.UnitID(g.named["to"]), Reason: g.at(1)})
		return err
	})
}

func ask(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Ask(tx, who, id, petition.Question{Text: g.at(1)})
		return err
	})
}

func clarify(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Clarify(tx, who, id, petition.Question{Text: g.at(1)}, nil)
		return err
	})
}

func splitIt(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Split(tx, who, id, petition.Question{To: org.UnitID(g.named["to"]), Text: g.at(1)})
		return err
	})
}

func contribute(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Contribute(tx, who, id, petition.Question{Text: g.at(1)})
		return err
	})
}

func reply(g given) petition.Reply {
	in := petition.Reply{Text: g.at(1), Outcome: petition.Outcome(g.named["outcome"]), Basis: g.named["basis"], Guidance: g.named["guidance"] == "yes",
		ReferredTo: g.named["referred"], Competent: org.UnitID(g.named["competent"]), NextReport: g.named["next"]}
	if _, said := g.named["outcome"]; !said {
		in.Outcome = petition.Resolved
	}
	return in
}

// answer: answer KN-1 'text' [outcome=guided basis=… referred=… competent=… next=2026-03-20]
func answer(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.AnswerNow(tx, who, id, reply(g))
		return err
	})
}

func report(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Report(tx, who, id, petition.Progress{Text: g.at(1), Done: g.named["done"] == "yes", NextReport: g.named["next"]})
		return err
	})
}

// settle: settle KN-1 yes | no ['what is still wrong']
func settle(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Settle(tx, who, id, petition.Verdict{Settled: g.at(1) == "yes", Comment: g.at(2)})
		return err
	})
}

func giveBack(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Return(tx, who, id, petition.GiveBack{Ground: g.named["ground"], Reason: g.at(1)})
		return err
	})
}

func urge(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.Urge(tx, who, id, petition.Oversight{Text: g.at(1)})
		return err
	})
}

// explain asks the unit to account for its lateness: explain KN-1 'what' [due=2026-03-20]
func explain(r *run, g given) (string, error) {
	return on(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := petition.AskExplanation(tx, who, id, petition.Demand{Text: g.at(1), DueOn: g.named["due"]})
		return err
	})
}

// holiday: holiday 2026-02-23 'by which notice' adds a revision of the calendar and
// moves the running duties to it.
func holiday(r *run, g given) (string, error) {
	day, err := workday.ParseDate(g.at(0))
	if err != nil {
		return "", err
	}
	var out []string
	err = r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		out = nil
		cal, rev, err := duty.Calendar(tx)
		if err != nil {
			return err
		}
		days := map[workday.Date]workday.Day{day: {Kind: workday.Holiday, Name: g.at(1), Source: g.at(1)}}
		for d, what := range rev.Days {
			if d != day {
				days[d] = what
			}
		}
		rev.Days, rev.Source, rev.KnownFrom = days, g.at(1), tx.Now
		if _, err := duty.AddRevision(tx, cal, rev, ""); err != nil {
			return err
		}
		moved, _, err := duty.MoveToRevision(tx, cal, "", 200)
		out = append(out, fmt.Sprintf("moved %d", moved))
		return err
	})
	return strings.Join(out, "\n"), err
}

// adoptProfile: adopt phu-tho puts a shipped profile in force.
func adoptProfile(r *run, g given) (string, error) { return "", r.adopt(g.at(0)) }

// restart closes the program's store and opens it again: what was acknowledged is there.
func restart(r *run, _ given) (string, error) {
	r.mux = nil
	return "", r.office.Restart(r.ctx)
}

// command: command audit verify – a command line of the program over the story's store.
// It answers "exit 0" and what was printed.
func command(r *run, g given) (string, error) {
	if r.p.Command == nil {
		return "", fmt.Errorf("the program has no command line here")
	}
	code, out := r.p.Command(r.ctx, r.office.DSN, r.office.Keys, func() time.Time { return r.now }, g.all)
	return fmt.Sprintf("exit %d\n%s", code, out), nil
}
