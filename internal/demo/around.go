package demo

import (
	"fmt"
	"time"

	"lienthong/internal/bank"
	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/group"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// flooded are the communes of the invented flood; the first reports it.
var flooded = []org.UnitID{"08515", "08611", "08872"}

// alike are the titles of petitions that say the same: they come from several communes and
// are put into one group.
const alike = "Phần mềm hộ tịch không in được trích lục sau khi đổi tên xã"

// An answer is one entry of the bank, as a specialist of its department writes it.
type answer struct {
	unit                           org.UnitID
	field, question, answer, basis string
	approve                        bool // else it waits for its leader
}

// Invented entries: one that helps with what is typed often, one whose text has ended, one
// that waits for its leader.
var answers = []answer{
	{"so-tu-phap", "tu-phap", "Đăng ký lại khai sinh khi người dân không còn giấy tờ nào thì làm thế nào?",
		"Cơ quan đăng ký hộ tịch xác minh nơi đã đăng ký trước đây; không còn sổ thì ghi theo lời khai có cam đoan và xác minh của công an cấp xã. (Ví dụ minh hoạ.)", "Luật 60/2014/QH13, Điều 24", true},
	{"so-tu-phap", "tu-phap", "In trích lục hộ tịch sau khi xã đổi tên thì ghi tên xã nào?",
		"Ghi tên đơn vị hành chính hiện nay, phần ghi chú nêu tên cũ. (Ví dụ minh hoạ.)", "Nghị định 123/2015/NĐ-CP, Điều 5", true},
	{"so-noi-vu", "noi-vu", "Phân công trực bộ phận một cửa ngày thứ Bảy có phải là làm thêm giờ không?",
		"Được bố trí nghỉ bù; không bố trí được thì tính làm thêm giờ theo quy định về lao động. (Ví dụ minh hoạ.)", "Bộ luật Lao động 45/2019/QH14, Điều 107", true},
	{"so-noi-vu", "noi-vu", "Người hoạt động không chuyên trách thôi việc được hưởng chế độ gì?",
		"Đang rà soát để hướng dẫn chung. (Ví dụ minh hoạ.)", "Nghị định 154/2025/NĐ-CP, Điều 9", false},
}

// endedText is the text that one entry rests on and that has ended.
const endedText = "123/2015/NĐ-CP"

// around lays out what stands around the petitions, so that who opens the demonstration
// finds every screen filled: answers kept, a group, a collection under way, a flood over
// three communes.
func around(rev workday.Revision, now time.Time) []occasion {
	day := func(ago int, clock workday.Clock) time.Time { return back(rev, workday.Of(now), ago).At(clock) }
	var grouped []casefile.ID
	until := forth(rev, workday.Of(now), 6).At(16 * 60)
	return []occasion{
		{at: day(9, 8*60+20), m: &matter{fate: "bank"}, do: func(_ *filler, tx *db.Tx, _ *matter) error { return keepAnswers(tx) }},
		{at: day(5, 9*60), m: &matter{fate: "bank ended"}, do: func(_ *filler, tx *db.Tx, _ *matter) error {
			who, err := by(tx, office, org.Desk, "")
			if err != nil {
				return err
			}
			return bank.EndText(tx, who, bank.Ended{Symbol: endedText, EndedOn: back(rev, workday.Of(now), 5), Source: "Ví dụ minh hoạ: văn bản được thay thế."})
		}, work: true},
		{at: day(4, 9*60+10), m: &matter{fate: "alike"}, do: func(_ *filler, tx *db.Tx, _ *matter) (err error) {
			grouped, err = raiseAlike(tx)
			return err
		}},
		{at: day(3, 10*60), m: &matter{fate: "group"}, do: func(_ *filler, tx *db.Tx, _ *matter) error {
			who, err := by(tx, office, org.Desk, "")
			if err != nil {
				return err
			}
			_, err = group.Form(tx, who, group.New{Title: alike, Members: grouped})
			return err
		}},
		{at: day(3, 14*60), m: &matter{fate: "campaign"}, do: func(_ *filler, tx *db.Tx, _ *matter) error { return collect(tx, rev, now, until) }},
		{at: day(1, 7*60+30), m: &matter{fate: "incident"}, do: func(_ *filler, tx *db.Tx, _ *matter) error { return flood(tx) }},
	}
}

// keepAnswers writes the entries; whoever writes one does not approve it.
func keepAnswers(tx *db.Tx) error {
	for _, a := range answers {
		section, err := workingSection(tx, a.unit)
		if err != nil {
			return err
		}
		writer, err := by(tx, a.unit, org.Specialist, section)
		if err != nil {
			return err
		}
		leader, err := by(tx, a.unit, org.Leader, "")
		if err != nil {
			return err
		}
		e, err := bank.Propose(tx, writer, bank.New{Unit: a.unit, Field: a.field, Question: a.question, Answer: a.answer, Basis: a.basis, Submit: true})
		if err != nil {
			return fmt.Errorf("%s: %w", a.question, err)
		}
		if !a.approve {
			continue
		}
		if _, err := bank.Approve(tx, leader, e.ID, bank.Approval{}); err != nil {
			return fmt.Errorf("%s: %w", a.question, err)
		}
	}
	return nil
}

// raiseAlike has three communes raise the same.
func raiseAlike(tx *db.Tx) (all []casefile.ID, err error) {
	tried := "Đã khởi động lại máy, gọi tổng đài của đơn vị cung cấp phần mềm. (Ví dụ minh hoạ.)"
	for _, unit := range []org.UnitID{"04849", "05212", "08872"} {
		who, err := by(tx, unit, org.Leader, "")
		if err != nil {
			return nil, err
		}
		p, err := petition.RaiseNow(tx, who, petition.Raise{Title: alike, Field: "tu-phap.03", Tried: &tried,
			Text: "Sau khi xã đổi tên, phần mềm hộ tịch vẫn in tên xã cũ trên trích lục; người dân phải đi lại nhiều lần. (Ví dụ minh hoạ.)"})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", unit, err)
		}
		all = append(all, p.ID)
	}
	return all, nil
}

// collect opens a collection of difficulties and has some communes say theirs.
func collect(tx *db.Tx, rev workday.Revision, now, until time.Time) error {
	who, err := by(tx, office, org.Desk, "")
	if err != nil {
		return err
	}
	c, err := campaign.Open(tx, who, campaign.New{Title: "Khó khăn, vướng mắc khi vận hành chính quyền địa phương hai cấp (ví dụ)", Number: "1186/UBND-MH",
		IssuedOn: back(rev, workday.Of(now), 3), Until: until, Text: "Mỗi xã, phường nêu những việc chưa tự giải quyết được, xếp theo mức độ cấp bách."})
	if err != nil {
		return err
	}
	for _, x := range []struct {
		unit               org.UnitID
		title, text, field string
	}{
		{"04849", "Thiếu máy quét ở bộ phận một cửa", "Một máy quét cho ba quầy, hồ sơ dồn cuối ngày. (Ví dụ minh hoạ.)", "khoa-hoc-cong-nghe-thong-tin"},
		{"05212", "Chưa có hướng dẫn về chế độ người hoạt động không chuyên trách", "Nhiều người xin thôi việc, xã chưa biết trả chế độ nào. (Ví dụ minh hoạ.)", "noi-vu"},
		{"08611", "Phần mềm hộ tịch in tên xã cũ", "Trích lục in ra vẫn mang tên xã cũ. (Ví dụ minh hoạ.)", "tu-phap.03"},
	} {
		leader, err := by(tx, x.unit, org.Leader, "")
		if err != nil {
			return err
		}
		if _, err := campaign.Enter(tx, leader, c.ID, campaign.Entry{Title: x.title, Text: x.text, Field: x.field}); err != nil {
			return fmt.Errorf("%s: %w", x.title, err)
		}
	}
	return nil
}

// flood reports the flood, says how it stands in each commune, and asks for boats.
func flood(tx *db.Tx) error {
	who, err := by(tx, flooded[0], org.Leader, "")
	if err != nil {
		return err
	}
	x, err := incident.ReportNow(tx, who, incident.Report{Spot: true, Type: incident.Disaster, Title: "Ngập lụt dọc sông qua ba xã (ví dụ)", OccurredAt: tx.Now.Add(-3 * time.Hour),
		Text: "Mưa lớn từ đêm, nước lên nhanh, đã đưa dân ở vùng thấp lên cao. (Ví dụ minh hoạ.)", Communes: flooded[1:], Figures: map[string]string{"houses_flooded": "42"}})
	if err != nil {
		return err
	}
	for n, unit := range flooded[1:] {
		leader, err := by(tx, unit, org.Leader, "")
		if err != nil {
			return err
		}
		said := incident.Situation{Text: "Nước đang lên, đường vào thôn bị chia cắt. (Ví dụ minh hoạ.)", Figures: map[string]string{"houses_flooded": fmt.Sprint(17 + 9*n)}}
		if _, err := incident.Say(tx, leader, x.ID, said); err != nil {
			return fmt.Errorf("%s: %w", unit, err)
		}
	}
	_, _, err = incident.AskFor(tx, who, x.ID, incident.Ask{Of: flooded[1], What: "xuồng máy", Each: "chiếc", Amount: 2})
	return err
}
