package paper

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/setting"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// released is a petition with an answer that was released as a paper.
func released(t *testing.T, d *db.DB, clock *lttest.Clock) (o province.Office, p *petition.Petition, answer *signoff.Paper) {
	t.Helper()
	o = province.Open(t, d)
	clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
	tried := "đã tự làm"
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		p, err = petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Vướng mắc về chứng thực", Field: o.Field, Text: "Nội dung của xã.", Tried: &tried, Proposal: "hướng dẫn"})
		return err
	})
	desk, err := signoff.NewDesk(petition.Papers()...)
	if err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		answer, err = petition.DraftAnswer(tx, desk, o.Leader, p.ID, petition.Reply{Text: "Đồng ý với xã.", Outcome: petition.Guided, Basis: "Luật"})
		return err
	})
	lttest.View(t, d, func(tx *db.Tx) error {
		if _, err := Compose(tx, o.Commune, p.ID, answer.ID); fault.Kind(err) != fault.NotFound {
			t.Errorf("the commune reads a draft of the department: %v", err)
		}
		c, err := Compose(tx, o.Leader, p.ID, answer.ID)
		if err == nil && (c.State == "" || c.Number() != "Số:        /") {
			t.Errorf("a draft is printed as %+v", c.Document)
		}
		return err
	})
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		answer, err = desk.Release(tx, o.Leader, answer.ID, signoff.Issue{})
		return err
	})
	return o, p, answer
}

func TestComposeAndSlip(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, p, answer := released(t, d, clock)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, 'https://lienthong.example.vn/', '', $2)`, setting.SiteAddress, tx.Now)
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, kind := range []Kind{Submission, Incoming} {
				s, err := Slip(tx, o.Leader, p.ID, kind)
				if err != nil {
					return err
				}
				var b bytes.Buffer
				if err := DOCX(&b, s.Document); err != nil {
					return err
				}
				got, err := texts(b.Bytes())
				if err != nil {
					return err
				}
				for _, want := range []string{"Vướng mắc về chứng thực", "Thời hạn trả lời", s.Name} {
					if !strings.Contains(got, want) {
						t.Errorf("%s does not say %q:\n%s", kind, want, got)
					}
				}
				// a leader signs on one sheet: the slip of a short matter has no second page
				directed := strings.Repeat("Rà soát, tham mưu văn bản trả lời xã, bảo đảm đúng hạn. ", 2)
				if kind == Incoming {
					s.Body[1].Text = directed
				} else { // it goes up before the answer does
					s.Body = slices.DeleteFunc(s.Body, func(b Block) bool { return b.Heading == "Đã trả lời" })
					s.Body[len(s.Body)-1].Table.Rows[0][1] = directed
				}
				if pages := printed(t, string(kind), s.Document); len(pages) != 1 {
					t.Errorf("%s takes %d pages", kind, len(pages))
				}
				if s.Address != "https://lienthong.example.vn/cases/"+string(p.ID) {
					t.Errorf("the QR leads to %s", s.Address)
				}
			}
			if _, err := Slip(tx, org.Actor{Officer: "nguoi-la"}, p.ID, Submission); fault.Kind(err) != fault.NotFound {
				t.Errorf("a stranger's slip: %v", err)
			}
			if _, err := Slip(tx, o.Leader, p.ID, Letter); fault.Kind(err) != fault.NotFound {
				t.Errorf("a slip of no kind: %v", err)
			}
			if answer == nil {
				t.Fatal("the answer left no paper")
			}
			c, err := Compose(tx, o.Commune, p.ID, answer.ID)
			if err != nil {
				return err
			}
			if c.State != "" || c.Symbol != answer.Symbol || len(c.To) != 1 || !strings.HasPrefix(c.To[0], "Ủy ban nhân dân") || c.Signer == "" || c.Over == "" {
				t.Errorf("composed %+v", c.Document)
			}
			r, err := Compose(tx, o.Leader, p.ID, RaisedName)
			if err != nil {
				return err
			}
			if r.Symbol == "" || r.Signer == "" || len(r.Capacity) == 0 || !strings.HasPrefix(r.Body[0].Text, "Nội dung của xã") || !strings.HasPrefix(r.Capacity[0], "TM. ") {
				t.Errorf("raised in one step: %+v", r.Document)
			}
			if a, err := Compose(tx, o.Commune, p.ID, "tra-loi-1"); err != nil || a.Symbol != answer.Symbol || a.Signer != c.Signer || a.Body[0].Text != "Đồng ý với xã." || strings.Join(a.Capacity, "|") != strings.Join(c.Capacity, "|") {
				t.Errorf("answered in one step: %+v, %v; by its paper %+v", a.Document, err, c.Document)
			}
			if _, err := Compose(tx, o.Commune, p.ID, "tra-loi-9"); fault.Kind(err) != fault.NotFound {
				t.Errorf("an answer that was not given: %v", err)
			}
			if _, err := Compose(tx, org.Actor{Officer: "nguoi-la"}, p.ID, RaisedName); fault.Kind(err) != fault.NotFound {
				t.Errorf("a stranger's letter: %v", err)
			}
			_, err = Compose(tx, org.Actor{Officer: "nguoi-la"}, p.ID, answer.ID)
			if fault.Kind(err) != fault.NotFound {
				t.Errorf("a stranger's paper: %v", err)
			}
			return nil
		})
	})
}

func TestTemplates(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, p, answer := released(t, d, clock)
		files, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		raw := docxOf(t, `<w:p><w:r><w:t>Mẫu riêng: {{.SoKyHieu}}</w:t></w:r></w:p><w:p><w:r><w:t>{{.NoiDung}}</w:t></w:r></w:p>`)
		hash, size, err := files.Put(bytes.NewReader(raw), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		root := o.Leader
		root.Root = true
		mine := Template{Unit: answer.Unit, Kind: Letter, Name: "mau.docx", Hash: hash, Size: size}
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := SetTemplate(tx, o.Leader, mine); fault.Kind(err) != fault.Denied {
				t.Errorf("who administers nothing: %v", err)
			}
			wrong := mine
			wrong.Kind = "khac"
			if err := SetTemplate(tx, root, wrong); fault.Kind(err) != fault.Invalid {
				t.Errorf("a kind that does not exist: %v", err)
			}
			if err := SetTemplate(tx, root, mine); err != nil {
				return err
			}
			return SetTemplate(tx, root, mine) // again: it takes the place of itself
		})
		write := func() string {
			var c Print
			lttest.View(t, d, func(tx *db.Tx) (err error) {
				c, err = Compose(tx, o.Commune, p.ID, answer.ID)
				return err
			})
			var b bytes.Buffer
			if err := c.Write(&b, files); err != nil {
				t.Fatal(err)
			}
			got, err := texts(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := write(); !strings.HasPrefix(got, "Mẫu riêng: "+answer.Symbol+"\nĐồng ý với xã.\n") {
			t.Errorf("by the template: %q", got)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := Templates(tx, answer.Unit)
			if len(all) != 1 || all[Letter].Name != "mau.docx" || all[Letter].SetBy != root.Officer {
				t.Errorf("templates = %+v", all)
			}
			log, logErr := org.Log(tx, answer.Unit, "", 1)
			if logErr != nil || len(log) != 1 || log[0].Act != "SetTemplate" {
				t.Errorf("log = %+v, %v", log, logErr)
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error { return DropTemplate(tx, root, answer.Unit, Letter) })
		if got := write(); strings.Contains(got, "Mẫu riêng") || !strings.Contains(got, nation) {
			t.Errorf("without the template: %q", got)
		}
		err = d.Update(t.Context(), func(tx *db.Tx) error { return DropTemplate(tx, root, answer.Unit, Letter) })
		if fault.Kind(err) != fault.NotFound {
			t.Errorf("dropped twice: %v", err)
		}
	})
}
