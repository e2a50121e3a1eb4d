package web

import (
	"slices"
	"strings"
	"time"

	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// reckoning explains the date of the answer (cách tính hạn): the picture of the limit
// that binds, and everything else in words.
func (x *reading) reckoning() (r ui.Reckoning, err error) {
	d := petition.AnswerDuty(x.s.Duties, x.p)
	if d == nil {
		if x.p.Hole != "" {
			r.Words = []string{"Không nêu hạn: quy chế chưa nêu cơ quan chủ trì lĩnh vực này; hạn tính từ khi Văn phòng UBND tỉnh chỉ định."}
		}
		return r, nil
	}
	all, rev, err := duty.Explain(x.tx, d)
	if err != nil {
		return r, err
	}
	changes, err := duty.Changes(x.tx, d.Key)
	if err != nil {
		return r, err
	}
	at := slices.IndexFunc(all, func(e duty.Explained) bool { return e.Binding })
	if at < 0 {
		r.Words = append(x.plainWords(d), changeWords(changes, x.tx.Now)...)
		return r, nil
	}
	e := all[at]
	r.Chips = []ui.Chip{{Text: e.Say()}}
	if e.Due.Receipt.Why != "" {
		r.Chips = append(r.Chips, ui.Chip{Text: e.Due.Receipt.Why})
	}
	r.Chips = append(r.Chips, ui.Chip{Text: "lịch làm việc, cập nhật lần " + itoa(int64(rev.N))})
	r.Days = days(e.Due, workday.Of(x.tx.Now))
	r.Words = x.reckoningWords(d, e, all)
	shares, err := x.shareWords()
	if err != nil {
		return r, err
	}
	r.Words = append(r.Words, shares...)
	r.Words = append(r.Words, changeWords(changes, x.tx.Now)...)
	return r, nil
}

// shareWords say how long each unit had a petition that went on from one to another.
func (x *reading) shareWords() (words []string, err error) {
	if x.p.Hops == 0 {
		return nil, nil
	}
	hops, err := petition.Hops(x.tx, x.p)
	for _, h := range hops {
		line := x.names.unit(h.Unit) + " giữ " + itoa(int64(h.WorkingDays)) + " ngày làm việc, từ " + when(h.From, x.tx.Now)
		if !h.To.IsZero() {
			line += " đến " + when(h.To, x.tx.Now)
		}
		if h.Next != "" {
			line += ", chuyển " + x.names.unit(h.Next)
		}
		words = append(words, line+".")
	}
	return words, err
}

// plainWords says why a duty has no date.
func (x *reading) plainWords(d *duty.Duty) (all []string) {
	if d.Fate == duty.Suspended {
		return []string{"Đang tạm dừng: hạn tính tiếp khi hết tạm dừng."}
	}
	for _, l := range d.Limits {
		all = append(all, l.Basis+": "+l.Say())
	}
	if len(all) == 0 {
		all = []string{"Không nêu hạn: không văn bản nào và không ai đặt ngày."}
	}
	return all
}

// reckoningWords are the sentences under the picture.
func (x *reading) reckoningWords(d *duty.Duty, e duty.Explained, all []duty.Explained) (words []string) {
	first := x.p.Lead
	if x.p.Hops > 0 && d.Round == 1 {
		if hop := firstUnit(x); hop != "" {
			first = hop
		}
	}
	got := x.names.unit(first) + " nhận " + when(e.From, x.tx.Now)
	if x.p.Hops > 0 && e.From.Before(x.tx.Now) && first != x.p.Lead {
		got += "; chuyển đơn vị không tính lại hạn của xã"
	}
	words = append(words, got+".")
	words = append(words, "Theo "+e.Basis+": "+e.Say()+"; "+endWords(e.Due)+".")
	for _, o := range all {
		if !o.Binding {
			words = append(words, "Hạn khác, theo "+o.Basis+": "+o.Say()+"; "+endWords(o.Due)+"; hạn đến trước có hiệu lực.")
		}
	}
	for _, n := range e.Due.Notes {
		words = append(words, upper(n)+".")
	}
	for _, y := range e.Due.Uncovered {
		words = append(words, "Lịch làm việc chưa có ngày nghỉ năm "+itoa(int64(y))+"; hạn có thể được tính lại khi có thông báo.")
	}
	if d.Request {
		words = append(words, "Đơn vị được đề nghị, không bị tính quá hạn.")
	}
	return words
}

// firstUnit is the unit that the petition reached first, from its history.
func firstUnit(x *reading) org.UnitID {
	for _, e := range x.events {
		if e.Kind == "petition.forwarded" || e.Kind == "petition.assigned" {
			return org.UnitID(e.Facts["from"])
		}
	}
	return ""
}

// The end of a limit as one says it: "hết" a day, or before an hour on its last day.
func endWords(d workday.Due) string {
	if d.At.IsZero() {
		return "chưa có ngày"
	}
	if d.On.IsZero() {
		return "trước " + hour(d.At) + " " + d.Last().WeekdayName() + " " + d.Last().Long()
	}
	return "hết " + d.On.WeekdayName() + " " + d.On.Long()
}

// changeWords say what moved the clock of a petition, each with its cause, or that nothing can.
func changeWords(all []duty.Change, now time.Time) (words []string) {
	words, quiet := changeLines(all, now)
	if quiet {
		words = append(words, "Không tạm dừng, không gia hạn: quy chế không có điều khoản nào cho gia hạn, tạm dừng hay cho thôi việc trả lời.")
	}
	return words
}

// changeLines say what moved a clock, each with its cause; quiet says that nothing but the
// owner changed.
func changeLines(all []duty.Change, now time.Time) (words []string, quiet bool) {
	verbs := map[string]string{"suspend": "Tạm dừng", "resume": "Tiếp tục", "extend": "Gia hạn", "hand over": "Chuyển đơn vị", "calendar": "Tính lại theo lịch làm việc mới",
		"date": "Đặt hạn", "reopen": "Trả lại, hạn cũ chạy tiếp"}
	quiet = true
	for _, c := range all {
		verb := verbs[c.What]
		if verb == "" {
			verb = c.What
		}
		line := verb + " lúc " + when(c.At, now)
		if c.What != "hand over" {
			quiet = false
		}
		if c.Reason != "" {
			line += ": " + strings.TrimRight(c.Reason, ". ")
		}
		if c.Clause != "" {
			line += " (" + c.Clause + ")"
		}
		if !c.New.IsZero() && !c.New.Equal(c.Old) {
			line += "; hạn mới " + endWords(workday.Due{At: c.New, On: workday.Of(c.New.Add(-1))})
		}
		words = append(words, line+".")
	}
	return words, quiet
}

// days is the picture of a reckoning; a run of days off becomes one cell.
func days(due workday.Due, today workday.Date) (all []ui.Day) {
	cell := func(s workday.Step) ui.Day {
		d := ui.Day{Weekday: dayShort(s.Date), Date: s.Date.Short(), N: s.N, Why: s.Why,
			Today: s.Date == today, Past: s.Date.Before(today), End: s.Date == due.Last()}
		if !s.Counted {
			d.Kind = ui.Off
		}
		return d
	}
	if !due.Receipt.Date.IsZero() {
		d := cell(due.Receipt)
		d.Kind = ui.Receipt
		all = append(all, d)
	}
	steps := due.Reckoning
	for i := 0; i < len(steps); {
		end := i
		for end < len(steps) && !steps[end].Counted && steps[end].Date != due.Last() {
			end++
		}
		if end-i < 2 {
			all = append(all, cell(steps[i]))
			i++
			continue
		}
		all = append(all, gap(steps[i:end], today))
		i = end
	}
	return all
}

// A run of days off drawn as one gap, with its reasons named once; Saturdays and Sundays need none.
func gap(run []workday.Step, today workday.Date) ui.Day {
	first, last := run[0].Date, run[len(run)-1].Date
	d := ui.Day{Kind: ui.Gap, Weekday: dayShort(first) + " – " + dayShort(last), Date: span(first, last),
		Today: !today.Before(first) && !today.After(last), Past: last.Before(today)}
	var why []string
	for _, s := range run {
		name, _, _ := strings.Cut(s.Why, " (") // "(mùng 1)" stands by its day, not by a run of days
		if name != "thứ Bảy" && name != "Chủ nhật" && !slices.Contains(why, name) {
			why = append(why, name)
		}
	}
	if len(why) == 0 {
		d.Why = "nghỉ cuối tuần"
		return d
	}
	d.Why = itoa(int64(len(run))) + " ngày: " + strings.Join(why, ", ")
	return d
}

// span is a run of days in the width of a tile: "14–15/11", "31/10–01/11".
func span(first, last workday.Date) string {
	from, to := first.Short(), last.Short()
	if day, month, ok := strings.Cut(from, "/"); ok && strings.HasSuffix(to, "/"+month) {
		from = day
	}
	return from + "–" + to
}

// duties are all that is or was owed on the case, what runs first.
func (x *reading) duties() (all []ui.DutyItem, err error) {
	say := map[string]string{}
	for _, k := range petition.Duties() {
		say[k.Rule] = k.Say
	}
	list := slices.Clone(x.s.Duties)
	slices.SortStableFunc(list, func(a, b *duty.Duty) int {
		if a.EndedAt.IsZero() == b.EndedAt.IsZero() {
			return 0
		}
		if a.EndedAt.IsZero() {
			return -1
		}
		return 1
	})
	for _, d := range list {
		if d.Fate == duty.Handed {
			continue
		}
		item := ui.DutyItem{Do: say[d.Rule], Who: x.names.unit(d.Owner)}
		x.fate(d, &item)
		if d.EndedAt.IsZero() && !d.DueAt.IsZero() {
			if item.Spent, item.Of, err = x.spent(d); err != nil {
				return nil, err
			}
		}
		all = append(all, item)
	}
	return all, nil
}

// fate says what became of a duty.
func (x *reading) fate(d *duty.Duty, item *ui.DutyItem) {
	switch {
	case d.Fate == duty.Waived:
		item.State = ui.Chip{Text: "thôi thực hiện"}
		item.Note = d.EndedWhy
	case d.Fate == duty.Handed: // its owner did not do it
		item.State = ui.Chip{Text: "chuyển đi"}
		if d.LateByOwnShare() {
			item.State = ui.Chip{Tone: ui.Late, Text: "chuyển đi quá hạn"}
		}
		item.Note = "chuyển đi " + when(d.EndedAt, x.tx.Now)
	case d.Late():
		item.State = ui.Chip{Tone: ui.Late, Text: "xong quá hạn"}
		item.Note = "xong " + when(d.EndedAt, x.tx.Now)
	case d.Fate == duty.Met && d.DueAt.IsZero():
		item.State = ui.Chip{Tone: ui.Done, Text: "đã xong"}
		item.Note = "xong " + when(d.EndedAt, x.tx.Now)
	case d.Fate == duty.Met:
		item.State = ui.Chip{Tone: ui.Done, Text: "xong đúng hạn"}
		item.Note = "xong " + when(d.EndedAt, x.tx.Now)
	default:
		u := dueOf(x.rev, d, x.tx.Now, true)
		item.State = ui.Chip{Tone: u.Tone, Text: u.Words}
		item.Note = joinDot(u.Until, u.Source)
		if d.Request {
			item.Note = joinDot("được đề nghị", item.Note)
		}
	}
}

// spent is how far a running duty's time has gone, in the days that its limit counts.
func (x *reading) spent(d *duty.Duty) (spent, of int, err error) {
	all, _, err := duty.Explain(x.tx, d)
	if err != nil {
		return 0, 0, err
	}
	today := workday.Of(x.tx.Now)
	for _, e := range all {
		if !e.Binding {
			continue
		}
		for _, s := range e.Due.Reckoning {
			if s.Counted {
				of++
				if !s.Date.After(today) {
					spent++
				}
			}
		}
	}
	return spent, of, nil
}

// joinDot puts a dot between the words that are there.
func joinDot(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " · ")
}

// upper begins a sentence.
func upper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// lower goes on in a sentence.
func lower(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
