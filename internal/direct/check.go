package direct

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// longestInstruction bounds an instruction, in bytes.
const longestInstruction = 20_000

// check refuses an instruction that names nobody, somebody outside the unit, or a date
// that cannot be; it fills the section of the officer in charge.
func (in *In) check(tx *db.Tx, giver org.Post) error {
	in.Instruction = vntext.NFC(in.Instruction)
	if len(in.Instruction) > longestInstruction {
		return fault.Field("instruction", "Ý kiến chỉ đạo quá dài; hãy đính kèm văn bản.")
	}
	if err := noSecret("instruction", in.Instruction); err != nil {
		return err
	}
	if in.Section == "" && in.Officer == "" {
		return fault.Field("officer", "Hãy chọn phòng hoặc người chủ trì.")
	}
	if err := in.date(tx); err != nil {
		return err
	}
	held, err := org.Officers(tx, in.Unit)
	if err != nil {
		return err
	}
	if err := in.people(held); err != nil {
		return err
	}
	if err := in.section(tx); err != nil {
		return err
	}
	if giver.Role == org.Head && in.Section != giver.Section {
		return &fault.Refusal{Kind: fault.Denied, Field: "officer", Step: "lãnh đạo chỉ đạo", Say: "Trưởng phòng chỉ phân công trong phòng mình; hãy trả lại lãnh đạo nếu việc thuộc phòng khác."}
	}
	return nil
}

// noSecret refuses a text with a mark of state secrecy, also one that stays in the unit.
func noSecret(field, text string) error {
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
	}
	return nil
}

// date holds the inner date between today and the last day of the legal one.
func (in *In) date(tx *db.Tx) error {
	if in.InnerOn.IsZero() {
		return nil
	}
	if in.InnerOn.Before(workday.Of(tx.Now)) {
		return fault.Field("inner_on", "Hạn nội bộ không thể trước hôm nay.")
	}
	if in.Duty.Rule == "" {
		return nil
	}
	d, err := duty.Get(tx, in.Duty)
	if err != nil {
		return err
	}
	if last := d.Due().Last(); !d.DueAt.IsZero() && in.InnerOn.After(last) {
		return fault.Field("inner_on", "Hạn nội bộ không thể sau hạn theo quy định, ngày %s.", last.Long())
	}
	return nil
}

// people wants everybody named to hold a post in the unit, and to be named once.
func (in *In) people(held []org.Held) error {
	seen := map[org.OfficerID]bool{}
	ask := func(field string, all []org.OfficerID) error {
		for _, o := range all {
			at := slices.IndexFunc(held, func(h org.Held) bool { return h.Officer.ID == o })
			if at < 0 {
				return fault.Field(field, "Người được chọn không giữ chức danh nào trong đơn vị hôm nay.")
			}
			if seen[o] {
				return fault.Field(field, "%s được chọn hai lần.", held[at].Officer.Name)
			}
			seen[o] = true
		}
		return nil
	}
	if in.Officer != "" {
		if err := ask("officer", []org.OfficerID{in.Officer}); err != nil {
			return err
		}
		if err := in.place(held); err != nil {
			return err
		}
	}
	if err := ask("co_workers", in.CoWorkers); err != nil {
		return err
	}
	return ask("readers", in.Readers)
}

// place finds in which section the officer in charge works: the one asked for must be
// one of his; asked for none, his first.
func (in *In) place(held []org.Held) error {
	var his []org.UnitID
	for _, h := range held {
		if h.Officer.ID == in.Officer {
			his = append(his, h.Post.Section)
		}
	}
	if in.Section == "" {
		in.Section = his[0]
		return nil
	}
	if !slices.Contains(his, in.Section) {
		return fault.Field("officer", "Người được chọn không thuộc phòng đã chọn.")
	}
	return nil
}

// A section must be one of the unit's own.
func (in *In) section(tx *db.Tx) error {
	if in.Section == "" {
		return nil
	}
	all, err := org.Sections(tx, in.Unit)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(u org.Unit) bool { return u.ID == in.Section }) {
		return fault.Field("section", "Phòng được chọn không thuộc đơn vị hoặc không còn hoạt động.")
	}
	return nil
}
