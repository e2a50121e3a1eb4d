package story

import (
	"fmt"
	"strconv"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	proposing "lienthong/internal/extract/propose"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// directiveVerbs are the words of stories about directives and their assignments.
var directiveVerbs = map[string]verb{
	"take": takeDirective, "take-read": takeRead, "task": addProposal, "edit-task": editProposal, "questions": questions,
	"suggest": suggest, "decide": decide, "confirm": confirm, "issue": issue, "draft-directive": draftDirective,
	"name": nameAssignment, "look-task": lookAssignment, "register-task": registerAssignment, "direct-task": directAssignment,
	"progress": progress, "difficulty": difficulty, "result": result, "draft-result": draftResult, "accept": accept, "not-done": notDone,
	"ask-time": askTime, "decide-time": decideTime, "set-date": setDate, "hand-over": handOver, "take-over": takeOver, "give-on": giveOn,
	"coordinators": coordinators, "part-of": partOf, "part": part, "urge-part": urgePart, "form": form, "decide-form": decideForm,
	"series": lookSeries, "end-series": endSeries, "hand-series": handSeries,
	"urge-task": urgeAssignment, "breach": breach, "explain-task": explainAssignment, "draft-account": draftAccount, "reader": reader,
}

func names(list string) (all []directive.Name) {
	for _, u := range strings.Split(list, ",") {
		switch u {
		case "":
		case directive.Communes, directive.Departments:
			all = append(all, directive.Name{Said: u, Group: u})
		default:
			all = append(all, directive.Name{Said: u, Unit: org.UnitID(u)})
		}
	}
	return all
}

func unitsOf(list string) (all []org.UnitID) {
	for _, n := range names(list) {
		all = append(all, n.Unit)
	}
	return all
}

// taskOf reads a task: 'content' clause=2.1 lead=… with=a,b due=2026-03-20 words='…' again='monthly 25' urgency= kind= request=yes each=yes
func taskOf(content string, g given) directive.Task {
	return directive.Task{Content: content, Clause: g.named["clause"], Leads: names(g.named["lead"]), Coordinating: names(g.named["with"]), Deadline: g.named["due"],
		Words: g.named["words"], Recurrence: g.named["again"], Urgency: directive.Urgency(g.named["urgency"]), Kind: g.named["kind"], Field: g.named["field"],
		Request: g.named["request"] == "yes", Each: g.named["each"] == "yes"}
}

// takeDirective: take CD-1 'subject' number=12/UBND-TH date=2026-03-02 [issuer=… field=…]
func takeDirective(r *run, g given) (string, error) {
	in := directive.In{Text: g.at(1), Field: g.named["field"], Reading: directive.Reading{Number: g.named["number"], Issuer: g.named["issuer"], Type: "công văn", Subject: g.at(1)}}
	if in.Reading.Issuer == "" {
		in.Reading.Issuer = "Ủy ban nhân dân tỉnh Phú Thọ"
	}
	if d := g.named["date"]; d != "" {
		var err error
		if in.Reading.IssuedOn, err = workday.ParseDate(d); err != nil {
			return "", err
		}
	}
	return r.takeIn(g.at(0), func(*db.Tx) (directive.In, error) { return in, nil })
}

// takeRead: take-read CD-1 'text, with \n for line ends' – read by the program and proposed.
func takeRead(r *run, g given) (string, error) {
	text := strings.ReplaceAll(g.at(1), `\n`, "\n")
	doc := extract.Text(text)
	return r.takeIn(g.at(0), func(tx *db.Tx) (directive.In, error) {
		reading, err := proposing.From(tx, doc)
		return directive.In{Text: text, Reading: reading}, err
	})
}

func (r *run) takeIn(label string, in func(tx *db.Tx) (directive.In, error)) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		what, err := in(tx)
		if err != nil {
			return err
		}
		d, err := directive.Take(tx, who, what)
		if err == nil {
			r.labels[label] = string(d.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeDirective(label)
}

// describeDirective says how a directive stands: its proposals and what is open.
func (r *run) describeDirective(label string) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		b.Reset()
		d, err := directive.Get(tx, org.System("story"), id)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "directive %s, number %s\n", d.State, d.Number)
		all, err := directive.Proposals(tx, id)
		if err != nil {
			return err
		}
		for _, p := range all {
			fmt.Fprintf(&b, "proposal %d %s [%s] lead %s with %s due %s again %s request %v\n", p.N, p.State, p.Task.Clause, unitList(p.Task.Leads), unitList(p.Task.Coordinating),
				p.Task.Deadline, p.Task.Recurrence, p.Task.Request)
		}
		open, err := directive.Questions(tx, d)
		for _, q := range open {
			fmt.Fprintf(&b, "open %d %s %s\n", q.N, q.Kind, q.Say)
		}
		return err
	})
	return b.String(), err
}

func unitList(all []directive.Name) string {
	var s []string
	for _, n := range all {
		switch {
		case n.Group != "":
			s = append(s, n.Group)
		case n.Unit != "":
			s = append(s, string(n.Unit))
		default:
			s = append(s, "?"+n.Said)
		}
	}
	return strings.Join(s, ",")
}

// onDirective runs an operation on the directive that the first argument names.
func onDirective(r *run, g given, op func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error)) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		_, err = op(tx, who, id)
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeDirective(g.at(0))
}

func addProposal(r *run, g given) (string, error) {
	return onDirective(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Add(tx, who, id, taskOf(g.at(1), g), 0)
	})
}

// editProposal: edit-task CD-1 2 'content' lead=…
func editProposal(r *run, g given) (string, error) {
	return onDirective(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Edit(tx, who, id, number(g.at(1)), taskOf(g.at(2), g), 0)
	})
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func questions(r *run, g given) (string, error) { return r.describeDirective(g.at(0)) }

// suggest: suggest CD-1 2 'why' unit=… [until=…]
func suggest(r *run, g given) (string, error) {
	return onDirective(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Propose(tx, who, id, number(g.at(1)), directive.Suggestion{Unit: org.UnitID(g.named["unit"]), Until: g.named["until"], Reason: g.at(2)}, 0)
	})
}

// decide: decide CD-1 2 unit=… [until=…]
func decide(r *run, g given) (string, error) {
	return onDirective(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Decide(tx, who, id, directive.Decision{N: number(g.at(1)), Unit: org.UnitID(g.named["unit"]), Until: g.named["until"], Remark: g.at(2)})
	})
}

func confirm(r *run, g given) (string, error) {
	return onDirective(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Confirm(tx, who, id, g.at(1), 0)
	})
}

// issue: issue CD-1 releases the directive and lets the program open its assignments.
func issue(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		d, err := directive.Get(tx, who, id)
		if err != nil || d.State == directive.Releasing { // its paper was released: only the job is left
			return err
		}
		_, err = directive.Release(tx, who, id, 0)
		return err
	})
	if err != nil {
		return "", err
	}
	runner := job.New(r.office.DB, "story")
	runner.Define(directive.JobKind, directive.Step)
	if err := runner.Drain(r.ctx); err != nil {
		return "", err
	}
	return r.describeDirective(g.at(0))
}

// draftDirective: draft-directive CD-1 VB-1 'title' text='…' with one task of the line.
func draftDirective(r *run, g given) (out string, err error) {
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		t := taskOf(g.named["text"], g)
		t.Words = g.named["words"]
		d, x, err := directive.DraftPaper(tx, r.p.Desk, who, directive.Draft{Title: g.at(2), Text: g.named["text"], Tasks: []directive.Task{t}})
		if err == nil {
			r.labels[g.at(0)], r.labels[g.at(1)], out = string(d.ID), string(x.ID), stands(x)
		}
		return err
	})
	return out, err
}

// nameAssignment: name GV-1 CD-1 2.1 [lead=…] gives an assignment of a directive its label.
func nameAssignment(r *run, g given) (string, error) {
	id, err := r.id(g.at(1))
	if err != nil {
		return "", err
	}
	err = r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil {
			return err
		}
		all, err := directive.Thread(tx, who, id)
		if err != nil {
			return err
		}
		for _, l := range all {
			if l.Clause == g.at(2) && (g.named["lead"] == "" || string(l.Lead) == g.named["lead"]) && (g.named["period"] == "" || l.Period.String() == g.named["period"]) {
				r.labels[g.at(0)] = string(l.ID)
				return nil
			}
		}
		return fmt.Errorf("no assignment of %s under %s among %d", g.at(1), g.at(2), len(all))
	})
	if err != nil {
		return "", err
	}
	return r.describeAssignment(g.at(0), org.System("story"))
}

// describeAssignment says how an assignment stands as somebody sees it.
func (r *run) describeAssignment(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		a, err := directive.GetAssignment(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "assignment %s, lead %s, percent %d, returns %d, quality %s, form %s %s\n", a.State, a.Lead, a.Percent, a.Returns, a.Quality, a.Form, a.FormState)
		v, err := directive.ViewOf(tx, as, a)
		if err != nil {
			return err
		}
		if v.Undated() {
			fmt.Fprintf(b, "no date stated\n")
		}
		for _, d := range v.Duties {
			fmt.Fprintf(b, "%s\n", owed(d, tx.Now))
		}
		for _, p := range v.Parts {
			fmt.Fprintf(b, "part %s %s requested %v\n", p.Unit, p.State, p.Requested)
		}
		for _, x := range v.Extensions {
			fmt.Fprintf(b, "extension %d %s %s until %s\n", x.N, x.Unit, x.State, x.Until)
		}
		for _, n := range v.Notes {
			fmt.Fprintf(b, "note %s %s %d %s\n", n.What, n.Unit, n.Percent, n.Text)
		}
		fmt.Fprintf(b, "rollup %d of %d, %d percent\n", v.Rollup.Done, v.Rollup.All, v.Rollup.Percent)
		return nil
	})
}

func lookAssignment(r *run, g given) (string, error) {
	return r.describeAssignment(g.at(0), org.Actor{})
}

// onAssignment runs an operation on the assignment that the first argument names.
func onAssignment(r *run, g given, op func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error)) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		_, err = op(tx, who, id)
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeAssignment(g.at(0), org.System("story"))
}

func registerAssignment(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Register(tx, who, id, 0)
	})
}

// directAssignment: direct-task GV-1 'instruction' officer=… | section=… [unit=…]
func directAssignment(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Direct(tx, who, id, direct.In{Unit: org.UnitID(g.named["unit"]), Section: org.UnitID(g.named["section"]), Officer: org.OfficerID(g.named["officer"]), Instruction: g.at(1)}, 0)
	})
}

// progress: progress GV-1 40 'text'
func progress(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Progress(tx, who, id, directive.Report{Percent: number(g.at(1)), Text: g.at(2)})
	})
}

func difficulty(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Difficulty(tx, who, id, directive.Report{Text: g.at(1)})
	})
}

func result(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.SubmitNow(tx, who, id, directive.Result{Text: g.at(1)})
	})
}

// draftResult: draft-result GV-1 VB-1 'text'
func draftResult(r *run, g given) (string, error) { return draftOn(r, g, directive.DraftResult) }

// draftAccount: draft-account GV-1 VB-1 'text' accounts for lateness.
func draftAccount(r *run, g given) (string, error) { return draftOn(r, g, directive.DraftExplanation) }

func draftOn(r *run, g given, draft func(*db.Tx, signoff.Desk, org.Actor, casefile.ID, directive.Result) (*signoff.Paper, error)) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		x, err := draft(tx, r.p.Desk, who, id, directive.Result{Text: g.at(2)})
		if err == nil {
			r.labels[g.at(1)], out = string(x.ID), stands(x)
		}
		return err
	})
	return out, err
}

// accept: accept GV-1 quality=Tốt
func accept(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Accept(tx, who, id, directive.Verdict{Quality: g.named["quality"], Text: g.at(1)})
	})
}

func notDone(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ReturnNotDone(tx, who, id, directive.Verdict{Text: g.at(1)})
	})
}

// askTime: ask-time GV-1 'why' until=2026-04-01
func askTime(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.AskExtension(tx, who, id, directive.Ask{Until: g.named["until"], Reason: g.at(1)})
	})
}

// decideTime: decide-time GV-1 1 yes 'why'
func decideTime(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.DecideExtension(tx, who, id, directive.Grant{N: number(g.at(1)), Yes: g.at(2) == "yes", Reason: g.at(3)})
	})
}

func setDate(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.SetDate(tx, who, id, directive.Ask{Until: g.named["until"], Reason: g.at(1)})
	})
}

func handOver(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Hand(tx, who, id, directive.Handing{Inside: directive.Inside(g.named["inside"]), From: org.UnitID(g.named["from"]), To: org.UnitID(g.named["to"]), Reason: g.at(1)})
	})
}

func takeOver(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.TakeOver(tx, who, id, directive.Taking{To: org.UnitID(g.named["to"]), Reason: g.at(1)})
	})
}

// giveOn: give-on GV-1 GV-1a 'content' unit=… | officer=… until=… criteria=…
func giveOn(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		s, err := directive.SubAssign(tx, who, id, directive.Sub{Unit: org.UnitID(g.named["unit"]), Section: org.UnitID(g.named["section"]), Officer: org.OfficerID(g.named["officer"]),
			Content: g.at(2), Criteria: g.named["criteria"], Until: g.named["until"]})
		if err == nil {
			r.labels[g.at(1)] = string(s.ID)
		}
		return s, err
	})
}

// coordinators: coordinators GV-1 'why' units=a,b
func coordinators(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.NameCoordinators(tx, who, id, unitsOf(g.named["units"]), g.at(1), 0)
	})
}

// partOf: part-of GV-1 'content' unit=… [until=…]
func partOf(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.SetParts(tx, who, id, []directive.PartIn{{Unit: org.UnitID(g.named["unit"]), Content: g.at(1), Until: g.named["until"]}}, 0)
	})
}

func part(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		if u := g.named["unit"]; u != "" {
			return directive.RecordReply(tx, who, id, directive.Contribution{Unit: org.UnitID(u), Text: g.at(1)})
		}
		return directive.Contribute(tx, who, id, directive.Contribution{Text: g.at(1)})
	})
}

func urgePart(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.UrgePart(tx, who, id, org.UnitID(g.named["unit"]), g.at(1), 0)
	})
}

func form(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ChooseForm(tx, who, id, g.at(1), 0)
	})
}

func decideForm(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.DecideForm(tx, who, id, g.at(1), g.at(2), 0)
	})
}

func urgeAssignment(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Urge(tx, who, id, g.at(1), 0)
	})
}

// breach: breach GV-1 'text' unit=…
func breach(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ReportBreach(tx, who, id, directive.Breach{Unit: org.UnitID(g.named["unit"]), Text: g.at(1)})
	})
}

// explainAssignment: explain-task GV-1 'what' [unit=… due=2026-04-01]
func explainAssignment(r *run, g given) (string, error) {
	return onAssignment(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.AskExplanation(tx, who, id, directive.Demand{Unit: org.UnitID(g.named["unit"]), Text: g.at(1), DueOn: g.named["due"]})
	})
}

// reader shows the figures of the reader on this office's own documents.
func reader(r *run, _ given) (string, error) {
	var out string
	err := r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		f, err := directive.ReadFigures(tx)
		out = fmt.Sprintf("reader documents %d read %d kept %d edited %d dropped %d added %d", f.Documents, f.Read, f.Kept, f.Edited, f.Dropped, f.Added)
		return err
	})
	return out, err
}
