package campaign_test

import (
	"bytes"
	"strings"
	"testing"

	"lienthong/internal/campaign"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
)

// A list of a working group is entered line by line for its communes; what cannot be taken is
// named, comes back as a list, and is taken once it is mended. Nothing is entered twice.
func TestListOfDifficulties(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		var mine, theirs org.Unit
		lttest.View(t, d, func(tx *db.Tx) (err error) {
			if mine, err = org.UnitOf(tx, o.CommuneUnit); err != nil {
				return err
			}
			theirs, err = org.UnitOf(tx, o.unit)
			return err
		})
		rows := [][]any{
			{1, mine.Short, "Chưa được cấp chữ ký số. Xã đã có văn bản đề nghị.", "Cấp sớm."},
			{2, theirs.Name, "Trụ sở chật", ""},
			{3, "xã Không Có", "Thiếu máy in", ""},
			{4, "", "Thiếu máy quét", ""},
			{5, theirs.Name, "TRỤ SỞ CHẬT", ""},
			{6, mine.Name, "Tài liệu TUYỆT MẬT", ""},
		}
		l, n := o.list(t, d, o.member, rows)
		said := strings.Join(sheet.Said(l.Bad), "\n")
		for _, want := range []string{"dòng 4: “xã Không Có”", "dòng 5: không ghi xã, phường", "dòng 7: ", "TUYỆT MẬT"} {
			if !strings.Contains(said, want) {
				t.Errorf("no %q in:\n%s", want, said)
			}
		}
		if n != 2 || len(l.Bad) != 3 || len(l.Have) != 1 || l.Have[0].Row.Line != 6 || l.Lines[0].Entry.Title != "Chưa được cấp chữ ký số" || !strings.HasSuffix(l.Lines[0].Entry.Text, "Đề xuất: Cấp sớm.") {
			t.Errorf("%d entered: %+v", n, l)
		}
		l, n = o.list(t, d, o.member, rows)
		if n != 0 || len(l.Have) != 3 || len(l.Bad) != 3 {
			t.Errorf("entered again: %d, %+v", n, l)
		}
		var back bytes.Buffer
		if err := l.WriteBad(&back); err != nil {
			t.Fatal(err)
		}
		if again, err := campaign.ReadImport(&back); err != nil || len(again.Lines) != 3 {
			t.Errorf("what came back: %+v, %v", again, err)
		}
		// a commune's own list need not name it, and enters for nobody else
		l, n = o.list(t, d, o.Commune, [][]any{{1, "", "Đường truyền chậm", ""}, {2, theirs.Name, "Việc của xã khác", ""}})
		if n != 1 || len(l.Bad) != 1 || l.Lines[0].Entry.Commune != o.CommuneUnit {
			t.Errorf("the commune's own: %d, %+v", n, l)
		}
	})
}

// list enters a list of these rows as somebody.
func (o *office) list(t *testing.T, d *db.DB, who org.Actor, rows [][]any) (l *campaign.Import, n int) {
	t.Helper()
	var b bytes.Buffer
	_, err := sheet.Write(&b, sheet.Sheet{Name: "Danh sách", Columns: []sheet.Column{{Title: "TT", Kind: sheet.Number}, {Title: "UBND xã, phường"}, {Title: "Khó khăn, vướng mắc"}, {Title: "Đề xuất, kiến nghị"}},
		Rows: func(yield func([]any, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		if l, err = campaign.ReadImport(bytes.NewReader(b.Bytes())); err != nil {
			return err
		}
		n, err = campaign.EnterAll(tx, who, o.id, l)
		return err
	})
	return l, n
}
