package petition

import (
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// papers are those under way in the officer's own units.
func (s *Situation) papers(who org.Actor) (all []Act) {
	for _, x := range s.Papers {
		if x.State == signoff.Released || x.State == signoff.Dropped || !who.In(x.Unit) {
			continue
		}
		a := Act{Name: "paper", Say: "Xem dự thảo", Paper: x.ID}
		if a.Waits = x.Turn(who); a.Waits {
			a.Say = paperActs[x.State]
		}
		all = append(all, a)
	}
	return all
}

var paperActs = map[signoff.State]string{
	signoff.Drafting: "Soạn tiếp", signoff.Reviewing: "Xem dự thảo", signoff.Signing: "Xem và ký", signoff.Releasing: "Cấp số, phát hành",
}

// raisers are the acts of the commune that raised it.
func (s *Situation) raisers(who org.Actor) (all []Act) {
	p := s.P
	if len(s.Open(MustClarify)) > 0 && s.may(who, actClarify) {
		all = append(all, Act{Name: "clarify", Say: "Trả lời câu hỏi", Waits: true})
	}
	if p.State == Answered && s.may(who, actSettle) {
		all = append(all, Act{Name: "settle", Say: "Cho biết kết quả", Waits: true})
	}
	return all
}

// leads are the acts inside the unit that owes the answer.
func (s *Situation) leads(who org.Actor) (all []Act) {
	p := s.P
	if !who.In(p.Lead) {
		return nil
	}
	add := func(name, say string, waits, may bool) {
		if may {
			all = append(all, Act{Name: name, Say: say, Waits: waits})
		}
	}
	open := p.answerable() == nil
	if open {
		mine := direct.On(who, p.Lead, s.Place)
		worker := access.May(who, access.Act{By: []access.Grant{{Of: access.Lead, Directed: true}}}, access.Facts{
			Units: map[access.Function][]org.UnitID{access.Lead: {p.Lead}}, Officers: s.Workers}) == nil
		running := s.Running(PaperAnswer) != nil
		directs := direct.MayDown(who, p.Lead, s.Place)
		add("register", "Vào sổ đến", who.Has(p.Lead, org.Clerk), s.Registered == 0 && direct.MayRegister(who, p.Lead))
		add("direct", "Phân công", mine && s.Place.Officer == "", directs && s.Place.Officer == "")
		add("answer", "Trả lời", worker || mine, s.AtOnce && !running)
		add("answer", "Soạn trả lời", worker, s.MayDraft && !s.AtOnce && !running)
		add("ask", "Hỏi lại xã", false, s.may(who, actAsk))
		add("split", "Hỏi đơn vị phối hợp", false, s.may(who, actSplit))
		add("direct", "Phân công lại", false, directs && s.Place.Officer != "")
		add("up", "Trả lại cấp trên", false, direct.MayReturn(who, p.Lead, s.Place))
		add("forward", "Không thuộc thẩm quyền, chuyển đơn vị khác", false, s.may(who, actForward))
		add("return", "Trả lại xã", false, s.may(who, actReturn))
	}
	add("report", "Báo tiếp kết quả", true, len(s.Open(MustReport)) > 0 && s.may(who, actReport))
	explain := slices.ContainsFunc(s.Open(MustExplain), func(d *duty.Duty) bool { return who.In(d.Owner) })
	add("explanation", "Soạn giải trình", true, explain && s.MayExplain && s.Running(PaperExplain) == nil)
	return all
}

// others are the acts of those asked for their part and of the overseers.
func (s *Situation) others(who org.Actor) (all []Act) {
	p := s.P
	if parts := OpenParts(s.Duties); len(parts) > 0 && s.may(who, actContribute) {
		all = append(all, Act{Name: "contribute", Say: "Góp ý", Waits: true})
	}
	for _, d := range s.Open(MustAssign) {
		if access.May(who, actAssign, p.facts([]org.UnitID{d.Owner})) == nil {
			all = append(all, Act{Name: "assign", Say: "Chỉ định cơ quan chủ trì", Waits: true})
		}
	}
	if !p.ClosedAt.IsZero() {
		return all
	}
	owed := slices.ContainsFunc(s.Open(MustOversee), func(d *duty.Duty) bool { return who.In(d.Owner) })
	if s.may(who, actOversee) {
		all = append(all, Act{Name: "urge", Say: "Đôn đốc", Waits: owed})
	}
	if access.May(who, actExplain, p.facts(s.Askers)) == nil && len(s.Open(MustExplain)) == 0 {
		all = append(all, Act{Name: "demand", Say: "Yêu cầu giải trình"})
	}
	return all
}
