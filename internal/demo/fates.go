package demo

import (
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// The hours at which people act in the examples.
const (
	early   = 8 * 60
	morning = 9*60 + 30
	noon    = 11 * 60
	later   = 14 * 60
	evening = 16 * 60
)

// fates says how a matter of each fate went, from its first day on.
var fates = map[string][]step{
	"new":        {{0, morning, raise}},
	"registered": {{0, morning, raise}, {0, later, register}},
	"directed":   {{0, morning, raise}, {0, later, register}, {1, early, down}},
	"drafted":    way(draft),
	"review":     way(draft, submit),
	"sign":       way(draft, submit, review),
	"release":    way(draft, submit, review, sign),
	"answered":   way(draft, submit, review, sign, release),
	"settled":    then(way(draft, submit, review, sign, release), step{6, morning, settled}),
	"reopened":   then(way(draft, submit, review, sign, release), step{6, morning, unsettled}),
	"forwarded":  {{0, morning, raise}, {1, morning, forward("so-nong-nghiep-va-moi-truong")}},
	"contested":  {{0, morning, raise}, {1, morning, forward("so-xay-dung")}, {2, morning, forward("so-tai-chinh")}},
	"passed":     passed(step{1, morning, forward("so-nong-nghiep-va-moi-truong")}),
	"passed-on":  passed(step{1, morning, forward("so-xay-dung")}),
	"hole":       {{0, morning, raise}},
	"assigned":   {{0, morning, raise}, {1, morning, assigned}, {2, early, register}, {2, later, down}},
	"returned":   {{0, morning, raise}, {1, later, returned}},
	"asked":      {{0, morning, raise}, {0, later, register}, {1, early, down}, {2, morning, asked}},
	"split":      {{0, morning, raise}, {0, later, register}, {1, early, down}, {2, morning, split}},
	"missed":     {{0, morning, raise}, {0, later, register}, {2, early, down}, {9, noon, afterwards}},
	"walked":     append([]step{{0, early, draftRaise}, {0, morning, walkRaise}, {0, noon, arrived}}, way(draft, submit, review, sign, release)[1:]...),
	"path":       {{0, early, draftRaise}, {0, morning, walkRaise}},
}

// way is the usual way of a petition through its department, a step a day or so, as far
// as the given steps go.
func way(steps ...func(f *filler, tx *db.Tx, m *matter) error) []step {
	all := []step{{0, morning, raise}, {0, later, register}, {1, early, down}}
	days := []step{{2, morning, nil}, {2, later, nil}, {3, morning, nil}, {3, evening, nil}, {4, early, nil}}
	for i, do := range steps {
		all = append(all, step{days[i].day, days[i].clock, do})
	}
	return all
}

// passed is a petition that went through two departments before the second one answered:
// what each of them held of its time stands on the page of hops.
func passed(forward step) []step {
	all := []step{{0, morning, raise}, forward}
	return append(all, step{2, early, register}, step{2, later, down}, step{3, morning, draft}, step{4, early, submit},
		step{4, later, review}, step{5, early, sign}, step{5, later, release})
}

// then lets a fate go on.
func then(steps []step, more ...step) []step { return append(steps, more...) }

// input is the matter as a commune types it.
func (m *matter) input() petition.Raise {
	return petition.Raise{Unit: m.unit, Title: m.title, Field: m.field, Text: m.text, Tried: &m.tried, Proposal: m.proposal}
}

// raise sends the petition in one step, as a small commune does; who leads is found by
// its field.
func raise(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.unit, org.Leader, "")
	if err != nil {
		return err
	}
	p, err := petition.RaiseNow(tx, who, m.input())
	if err == nil {
		m.id, m.lead = p.ID, p.Lead
	}
	return err
}

// register is the clerk's first act: the petition gets its number in the book of
// arrivals.
func register(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.lead, org.Clerk, "")
	if err == nil {
		_, err = petition.Register(tx, who, m.id, 0)
	}
	return err
}

// down directs the matter to a section's specialist, where the department has sections.
func down(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.lead, org.Leader, "")
	if err != nil {
		return err
	}
	section, err := workingSection(tx, m.lead)
	if err != nil {
		return err
	}
	officer, err := by(tx, m.lead, org.Specialist, section)
	if err != nil {
		return err
	}
	_, err = petition.Direct(tx, who, m.id, direct.In{Section: section, Officer: officer.Officer,
		Instruction: "Rà soát, tham mưu văn bản trả lời xã, bảo đảm đúng hạn (ví dụ minh họa)."}, 0)
	return err
}

// reply is an answer that anyone can tell from a real one: it says that it is an
// example.
func (m *matter) reply() petition.Reply {
	in := petition.Reply{Outcome: outcomeOf(m.arg), Basis: "Quy định hiện hành của ngành (ví dụ minh họa)",
		Text: "Đơn vị đã rà soát nội dung “" + m.title + "”, trao đổi với xã và trả lời như sau: nội dung thuộc thẩm quyền được hướng dẫn thực hiện theo quy trình của ngành; phần cần bố trí nguồn lực được đưa vào kế hoạch (văn bản ví dụ)."}
	switch in.Outcome {
	case petition.ReferredUp:
		in.ReferredTo = "UBND tỉnh, văn bản ví dụ số 12, cùng ngày"
	case petition.NotCompetent:
		in.Competent = "so-tai-chinh"
	}
	return in
}

// draft begins the answer's paper where the department's path has several steps; the
// other steps follow it, and where the path is one step the last does all.
func draft(f *filler, tx *db.Tx, m *matter) error {
	short, err := oneStep(tx, m.lead, petition.PaperAnswer)
	if err != nil || short {
		return err
	}
	section, err := workingSection(tx, m.lead)
	if err != nil {
		return err
	}
	who, err := by(tx, m.lead, org.Specialist, section)
	if err != nil {
		return err
	}
	x, err := petition.DraftAnswer(tx, f.desk, who, m.id, m.reply())
	if err == nil {
		m.paper = x.ID
	}
	return err
}

// onPaper acts on the matter's paper as somebody of its unit, if there is one.
func onPaper(f *filler, tx *db.Tx, m *matter, unit org.UnitID, role org.Role, act func(who org.Actor) error) error {
	if m.paper == "" {
		return nil
	}
	// the paper's own section says whose specialist or head acts
	x, err := signoff.Get(tx, org.System("demo"), m.paper)
	if err != nil {
		return err
	}
	section := x.Section
	// they serve the whole unit, whatever section wrote the paper
	if role == org.Leader || role == org.Clerk {
		section = ""
	}
	who, err := by(tx, unit, role, section)
	if err != nil {
		return err
	}
	return act(who)
}

// submit, review and sign are the steps between, by the roles of the usual path.
func submit(f *filler, tx *db.Tx, m *matter) error {
	return onPaper(f, tx, m, m.lead, org.Specialist, func(who org.Actor) error {
		_, err := f.desk.Submit(tx, who, m.paper, signoff.Step{Comment: "Kính trình"})
		return err
	})
}

// A head agrees to a draft.
func review(f *filler, tx *db.Tx, m *matter) error {
	return onPaper(f, tx, m, m.lead, org.Head, func(who org.Actor) error {
		_, err := f.desk.Review(tx, who, m.paper, signoff.Step{Comment: "Đồng ý trình lãnh đạo"}, nil)
		return err
	})
}

// The leader signs.
func sign(f *filler, tx *db.Tx, m *matter) error {
	return onPaper(f, tx, m, m.lead, org.Leader, func(who org.Actor) error {
		_, err := f.desk.Sign(tx, who, m.paper, signoff.Signature{})
		return err
	})
}

// release is the last step of a paper, or the whole answer where the path is one step.
func release(f *filler, tx *db.Tx, m *matter) error {
	if m.paper == "" {
		who, err := by(tx, m.lead, org.Leader, "")
		if err == nil {
			_, err = petition.AnswerNow(tx, who, m.id, m.reply())
		}
		return err
	}
	return onPaper(f, tx, m, m.lead, org.Clerk, func(who org.Actor) error {
		_, err := f.desk.Release(tx, who, m.paper, signoff.Issue{})
		return err
	})
}

// The commune is content.
func settled(_ *filler, tx *db.Tx, m *matter) error { return verdict(tx, m, true, "") }

// The commune is not, and a second round opens.
func unsettled(_ *filler, tx *db.Tx, m *matter) error { return verdict(tx, m, false, again) }

const again = "Nội dung trả lời chưa nêu đơn vị nào thực hiện và khi nào xong; đề nghị làm rõ."

// verdict is the commune's word, given by its leader.
func verdict(tx *db.Tx, m *matter, ok bool, comment string) error {
	who, err := by(tx, m.unit, org.Leader, "")
	if err == nil {
		_, err = petition.Settle(tx, who, m.id, petition.Verdict{Settled: ok, Comment: comment})
	}
	return err
}

// forward sends the matter on to a unit, by the leader of who has it.
func forward(to org.UnitID) func(f *filler, tx *db.Tx, m *matter) error {
	return func(_ *filler, tx *db.Tx, m *matter) error {
		who, err := by(tx, m.lead, org.Leader, "")
		if err != nil {
			return err
		}
		p, err := petition.Forward(tx, who, m.id, petition.Forwarding{To: to, Reason: "Nội dung thuộc chức năng của đơn vị nhận (ví dụ minh họa)."})
		if err == nil {
			m.lead = p.Lead
		}
		return err
	}
}

// assigned is the Office's act where the regulation leaves a field to nobody.
func assigned(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, "van-phong-ubnd-tinh", org.Desk, "")
	if err != nil {
		return err
	}
	p, err := petition.AssignLead(tx, who, m.id, petition.Forwarding{To: "so-khoa-hoc-va-cong-nghe", Reason: "Giao theo chức năng gần nhất trong khi quy chế chưa nêu (ví dụ minh họa)."})
	if err == nil {
		m.lead = p.Lead
	}
	return err
}

// returned takes the first ground that the rule in force names: grounds are data here
// too.
func returned(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.lead, org.Leader, "")
	if err != nil {
		return err
	}
	p, err := petition.Get(tx, who, m.id)
	if err != nil {
		return err
	}
	rule, err := petition.ReturnRule(tx, p)
	if err != nil {
		return err
	}
	_, err = petition.Return(tx, who, m.id, petition.GiveBack{Ground: rule.List("grounds")[0], Reason: "Đây là khiếu nại của công dân; đề nghị xã hướng dẫn công dân theo Luật Khiếu nại."})
	return err
}

// asked and split send a question to the commune and to another department; the answer's
// date goes on running.
func asked(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.lead, org.Leader, "")
	if err == nil {
		_, err = petition.Ask(tx, who, m.id, petition.Question{Text: "Đề nghị xã gửi số học sinh từng điểm trường và khoảng cách đến điểm trường chính."})
	}
	return err
}

// A part is asked of another department.
func split(_ *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.lead, org.Leader, "")
	if err == nil {
		_, err = petition.Split(tx, who, m.id, petition.Question{To: "so-tu-phap", Text: "Đề nghị cho ý kiến về định mức công chức tư pháp - hộ tịch."})
	}
	return err
}

// afterwards is what was done about a missed answer, as the fate says.
func afterwards(f *filler, tx *db.Tx, m *matter) error {
	switch m.arg {
	case "urged":
		who, err := by(tx, "van-phong-ubnd-tinh", org.Desk, "")
		if err == nil {
			_, err = petition.Urge(tx, who, m.id, petition.Oversight{Text: "Đề nghị đơn vị trả lời xã, báo lý do chậm (ví dụ minh họa)."})
		}
		return err
	case "explain":
		who, err := by(tx, "so-noi-vu", org.Leader, "")
		if err == nil {
			_, err = petition.AskExplanation(tx, who, m.id, petition.Demand{Text: "Đề nghị giải trình việc trả lời xã quá hạn (ví dụ minh họa)."})
		}
		return err
	case "answered":
		for _, do := range []func(*filler, *db.Tx, *matter) error{draft, submit, review, sign, release} {
			if err := do(f, tx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// draftRaise begins a petition of a commune whose path has several steps.
func draftRaise(f *filler, tx *db.Tx, m *matter) error {
	who, err := by(tx, m.unit, org.Specialist, "")
	if err != nil {
		return err
	}
	p, x, err := petition.DraftRaise(tx, f.desk, who, m.input())
	if err == nil {
		m.id, m.paper = p.ID, x.ID
	}
	return err
}

// walkRaise takes the commune's paper as far as the fate says.
func walkRaise(f *filler, tx *db.Tx, m *matter) error {
	steps := []struct {
		reached string
		role    org.Role
		act     func(who org.Actor) error
	}{
		{"review", org.Specialist, func(who org.Actor) error {
			_, err := f.desk.Submit(tx, who, m.paper, signoff.Step{})
			return err
		}},
		{"sign", org.Head, func(who org.Actor) error {
			_, err := f.desk.Review(tx, who, m.paper, signoff.Step{Comment: "Đồng ý"}, nil)
			return err
		}},
		{"signed", org.Leader, func(who org.Actor) error {
			_, err := f.desk.Sign(tx, who, m.paper, signoff.Signature{Capacity: org.ForAll})
			return err
		}},
		{"released", org.Clerk, func(who org.Actor) error {
			_, err := f.desk.Release(tx, who, m.paper, signoff.Issue{})
			return err
		}},
	}
	for _, s := range steps {
		if m.arg == "draft" {
			return nil
		}
		if err := onPaper(f, tx, m, m.unit, s.role, s.act); err != nil {
			return err
		}
		if m.arg == s.reached {
			return nil
		}
	}
	return nil
}

// arrived finds out where a released petition went.
func arrived(_ *filler, tx *db.Tx, m *matter) error {
	p, err := petition.Get(tx, org.System("demo"), m.id)
	if err == nil {
		m.lead, m.paper = p.Lead, "" // the next paper is the answer
	}
	return err
}
