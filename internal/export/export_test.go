package export

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// filled is a province with petitions, some answered.
func filled(t *testing.T, d *db.DB, clock *lttest.Clock) province.Office {
	t.Helper()
	o := province.Open(t, d)
	clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
	tried := "đã tự làm"
	for i := range 9 {
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: fmt.Sprintf("=Vướng mắc %d", i), Field: o.Field, Text: "nội dung", Tried: &tried})
			if err != nil || i%3 != 0 {
				return err
			}
			_, err = petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
			return err
		})
		clock.Add(26 * time.Hour)
	}
	return o
}

// codes are the tracking codes of a written sheet, in its order.
func codes(t *testing.T, f File) (all []string) {
	t.Helper()
	var b bytes.Buffer
	n, err := f.Write(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := sheet.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	below, at, err := sheet.Columns(rows, []sheet.Wanted{{Key: "code", Headings: []string{"Mã theo dõi"}, Must: true}, {Key: "n", Headings: []string{"STT"}, Must: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range below {
		if code := r.Cell(at["code"]); code != "" {
			all = append(all, code)
			if r.Cell(at["n"]) != fmt.Sprint(len(all)) {
				t.Errorf("row %d is counted as %s", len(all), r.Cell(at["n"]))
			}
		}
	}
	if len(all) != n {
		t.Errorf("%d rows written, %d read", n, len(all))
	}
	if last := rows[len(rows)-1].Cell(0); !strings.HasPrefix(last, "Số liệu tính đến ") {
		t.Errorf("the sheet ends with %q", last)
	}
	return all
}

// shown are the codes that the list itself gives, page by page.
func shown(tx *db.Tx, who org.Actor, l List) (all []string, err error) {
	for cursor := ""; ; {
		var next string
		var items []inbox.Item
		switch {
		case l.Petitions != nil:
			some, after, err := petition.List(tx, who, *l.Petitions, cursor, 4)
			if err != nil {
				return nil, err
			}
			for _, p := range some {
				all = append(all, p.Code)
			}
			next = after
		case l.Duties != nil:
			items, next, err = inbox.List(tx, who, *l.Duties, cursor, 4)
		default:
			items, next, err = board.List(tx, who, *l.Board, cursor, 4)
		}
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			all = append(all, i.Code)
		}
		if cursor = next; next == "" {
			return all, nil
		}
	}
}

// The sheet has the rows of its list, for every reader and filter, at once or by a job.
func TestASheetIsItsList(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := filled(t, d, clock)
		files, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		lists := []List{{Title: "a", Petitions: &petition.ListFilter{}}, {Title: "b", Petitions: &petition.ListFilter{State: petition.Answered}}, {Title: "c", Petitions: &petition.ListFilter{Field: "khong-co"}},
			{Title: "d", Duties: &inbox.Filter{}}, {Title: "e", Duties: &inbox.Filter{Standing: inbox.Missed}}, {Title: "f", Board: &board.Filter{Figure: board.Open}},
			{Title: "g", Board: &board.Filter{Figure: board.Met}}, {Title: "h", Board: &board.Filter{Figure: board.Unconfirmed}}}
		total := 0
		for _, who := range []org.Actor{o.Commune, o.Leader, {Officer: o.Commune.Officer, Posts: nil}} {
			for _, l := range lists {
				var want []string
				var f File
				refused := false
				lttest.View(t, d, func(tx *db.Tx) (err error) {
					if want, err = shown(tx, who, l); fault.Kind(err) == fault.Denied {
						refused = true
						if _, _, err := read(tx, who, l, AtOnce); fault.Kind(err) != fault.Denied {
							t.Errorf("%s for %s: the list is refused, the sheet is not: %v", l.Title, who.Officer, err)
						}
						return nil
					}
					if err == nil {
						f, _, err = read(tx, who, l, AtOnce)
					}
					return err
				})
				if refused {
					continue
				}
				if got := codes(t, f); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s for %s: sheet %v, list %v", l.Title, who.Officer, got, want)
				}
				total += len(want)
				if len(who.Posts) == 0 {
					continue
				}
				if got := codes(t, byJob(t, d, files, who, l)); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s for %s: sheet of the job %v, list %v", l.Title, who.Officer, got, want)
				}
			}
		}
		if total < 20 {
			t.Errorf("only %d rows in all lists: the test proves nothing", total)
		}
	})
}

// byJob gathers a list in small steps.
func byJob(t *testing.T, d *db.DB, files *blob.Store, who org.Actor, l List) (f File) {
	t.Helper()
	r := job.New(d, "test")
	r.Define(Job, step(files, 2))
	var id job.ID
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		id, err = Start(tx, who, l)
		return err
	})
	lttest.View(t, d, func(tx *db.Tx) error {
		x, err := Get(tx, who, id)
		if err != nil {
			return err
		}
		if _, err := x.File(files, tx.Now); fault.Kind(err) != fault.Conflict {
			t.Errorf("a list that is not gathered yet: %v", err)
		}
		return nil
	})
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		if _, err := Get(tx, org.Actor{Officer: "nguoi-khac"}, id); fault.Kind(err) != fault.NotFound {
			t.Errorf("another's job: %v", err)
		}
		x, err := Get(tx, who, id)
		if err != nil {
			return err
		}
		if _, err := x.File(files, tx.Now.Add(25*time.Hour)); fault.Kind(err) != fault.NotFound {
			t.Errorf("a day later: %v", err)
		}
		f, err = x.File(files, tx.Now)
		return err
	})
	return f
}

// A list that is too long for one answer says so.
func TestALongListWantsAJob(t *testing.T) {
	d, clock := province.SQLite(t)
	o := filled(t, d, clock)
	lttest.View(t, d, func(tx *db.Tx) error {
		l := List{Title: "a", Petitions: &petition.ListFilter{}}
		_, ok, err := read(tx, o.Commune, l, 8)
		if ok {
			t.Error("nine rows were taken for eight")
		}
		if _, ok, _ := read(tx, o.Commune, l, 9); !ok {
			t.Error("nine rows were taken for more")
		}
		return err
	})
}

// The board's sheet shows the board's figures.
func TestFigures(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := filled(t, d, clock)
		var f Figures
		lttest.View(t, d, func(tx *db.Tx) (err error) {
			f, err = ReadFigures(tx, o.Leader, board.Filter{})
			return err
		})
		var b bytes.Buffer
		if _, err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := sheet.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		below, at, err := sheet.Columns(rows, []sheet.Wanted{{Key: "open", Headings: []string{"Đang mở"}, Must: true}, {Key: "met", Headings: []string{"Xong đúng hạn"}, Must: true}})
		if err != nil || below[0].Cell(at["open"]) != "6" || below[0].Cell(at["met"]) != "3" {
			t.Errorf("board: %v, %v", below, err)
		}
	})
}

// The page for the leader's table says the same numbers.
func TestPage(t *testing.T) {
	d, clock := province.SQLite(t)
	o := filled(t, d, clock)
	lttest.View(t, d, func(tx *db.Tx) error {
		f, err := ReadFigures(tx, o.Leader, board.Filter{})
		if err != nil {
			return err
		}
		page := f.Page()
		if rows := page.Body[0].Table.Rows; len(rows) != 1 || rows[0][1] != "6" || page.Unit == "" || page.Address != "" {
			t.Errorf("page: %+v %v", page, rows)
		}
		var b bytes.Buffer
		return paper.PDF(&b, page)
	})
}
