package api_test

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// fullPath is a unit on the path of four steps, with the people of it.
type fullPath struct {
	unit                            org.UnitID
	specialist, head, leader, clerk org.OfficerID
}

// lead finds the department that the office's own rules give a field to and that walks
// papers in four steps.
func lead(f *face) (p fullPath, field string) {
	f.t.Helper()
	for _, x := range f.do(f.office.Commune.Officer, "GET", "/api/v1/fields", nil).want(f.t, 200).items() {
		unit := org.UnitID(x["unit"].(string))
		var steps []org.Step
		lttest.View(f.t, f.d, func(tx *db.Tx) (err error) {
			steps, err = org.Path(tx, unit, "petition.answer")
			return err
		})
		if x["hole"] != true && unit != "" && len(steps) == 4 {
			return people(f, unit), x["id"].(string)
		}
	}
	f.t.Fatal("no department on the full path")
	return p, ""
}

// people finds a specialist with the head of his section, the head of the unit and a clerk.
func people(f *face, unit org.UnitID) fullPath {
	p := fullPath{unit: unit, clerk: f.somebody(unit, org.Clerk), leader: f.somebody(unit, org.Leader)}
	lttest.View(f.t, f.d, func(tx *db.Tx) error {
		heads, err := org.Holders(tx, unit, org.Head)
		if err != nil {
			return err
		}
		all, err := org.Holders(tx, unit, org.Specialist)
		for _, h := range heads {
			for _, s := range all {
				if s.Post.Section == h.Post.Section && !h.Post.Deputy {
					p.head, p.specialist = h.Officer.ID, s.Officer.ID
				}
			}
		}
		return err
	})
	return p
}

// An answer walks its department's path: drafted, submitted, sent back, submitted again,
// reviewed with the reviewer's own words, signed, released.
func TestAnswerWalksThePath(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		p, field := lead(f)
		body := f.raiseBody()
		body["field"] = field
		raised := f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", body).want(t, 201)
		petition := "/api/v1/petitions/" + raised.text("id")
		now := f.do(p.leader, "POST", petition+"/answer", object{"text": "x", "outcome": "guided"}).want(t, 403)
		if now.text("step") == "" {
			t.Errorf("403 without the missing step: %s", now.raw)
		}
		draft := f.do(p.specialist, "POST", petition+"/drafts", object{"text": "Dự thảo.", "outcome": "guided"}, "Idempotency-Key", "d").want(t, 201)
		paper := draft.header.Get("Location")
		if paper != "/api/v1/papers/"+draft.text("id") || draft.text("case") != raised.text("id") || draft.text("state") != "draft" {
			t.Errorf("draft: %s", draft.raw)
		}
		if again := f.do(p.specialist, "POST", petition+"/drafts", object{"text": "Dự thảo.", "outcome": "guided"}, "Idempotency-Key", "d").want(t, 201); again.raw != draft.raw {
			t.Errorf("again: %s", again.raw)
		}
		f.do(f.office.Commune.Officer, "GET", paper, nil).want(t, 404)
		f.do(p.specialist, "PUT", paper, object{"text": "Bản hai.", "tried": "x"}).want(t, 422)
		f.do(p.specialist, "PUT", paper, object{"text": "Bản hai.", "outcome": "guided", "note": "viết lại"}, "If-Match", draft.header.Get("ETag")).want(t, 200)
		stale := f.do(p.specialist, "PUT", paper, object{"text": "Bản khác.", "outcome": "guided"}, "If-Match", draft.header.Get("ETag")).want(t, 412)
		if c := stale.body["current"].(object)["content"].(object)["text"]; c != "Bản hai." || stale.header.Get("ETag") != `"2"` {
			t.Errorf("stale: %s", stale.raw)
		}
		if s := stale.body["sent"].(object)["content"].(object)["text"]; s != "Bản khác." {
			t.Errorf("sent: %s", stale.raw)
		}
		f.do(p.specialist, "POST", paper+"/submit", nil).want(t, 200)
		f.do(p.leader, "POST", paper+"/release", nil).want(t, 403)
		f.do(p.head, "POST", paper+"/send-back", object{"reason": ""}).want(t, 422)
		f.do(p.head, "POST", paper+"/send-back", object{"reason": "Thiếu căn cứ."}).want(t, 200)
		f.do(p.specialist, "POST", paper+"/submit", object{"comment": "Đã bổ sung."}).want(t, 200)
		f.do(p.specialist, "POST", paper+"/recall", nil).want(t, 200)
		f.do(p.specialist, "POST", paper+"/submit", nil).want(t, 200)
		reviewed := f.do(p.head, "POST", paper+"/review", object{"comment": "Đồng ý.", "edit": object{"text": "Bản của trưởng phòng.", "outcome": "guided"}}).want(t, 200)
		if reviewed.text("state") != "sign" || reviewed.body["version"] != 3.0 {
			t.Errorf("reviewed: %s", reviewed.raw)
		}
		f.do(p.leader, "POST", paper+"/sign", object{}, "If-Match", `"2"`).want(t, 412)
		f.do(p.leader, "POST", paper+"/sign", object{"capacity": "TUQ."}).want(t, 403)
		f.do(p.leader, "POST", paper+"/sign", object{}, "If-Match", `"3"`).want(t, 200)
		released := f.do(p.clerk, "POST", paper+"/release", nil).want(t, 200)
		if released.text("state") != "released" || released.text("symbol") == "" {
			t.Errorf("released: %s", released.raw)
		}
		full := f.do(f.office.Commune.Officer, "GET", petition, nil).want(t, 200)
		if full.text("state") != "answered" || full.body["answers"].([]any)[0].(object)["text"] != "Bản của trưởng phòng." {
			t.Errorf("answered: %s", full.raw)
		}
		f.do(f.office.Commune.Officer, "GET", paper, nil).want(t, 200)
	})
}

// A commune's own path makes the petition; what another unit cannot see is not there.
func TestPetitionIsDraftedFirst(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		p := people(f, otherCommune(f))
		draft := f.do(p.specialist, "POST", "/api/v1/petitions/drafts", f.raiseBody()).want(t, 201)
		id, paper := draft.text("case"), draft.header.Get("Location")
		f.do(f.office.Leader.Officer, "GET", "/api/v1/petitions/"+id, nil).want(t, 404)
		f.do(p.specialist, "PUT", paper, object{"text": "Viết lại.", "field": f.office.Field, "tried": "Đã thử.", "proposal": "Cấp quyền."}).want(t, 200)
		f.do(p.specialist, "PUT", paper, object{"text": "Viết lại.", "outcome": "guided"}).want(t, 422)
		f.do(p.specialist, "POST", paper+"/submit", nil).want(t, 200)
		f.do(p.head, "POST", paper+"/review", nil).want(t, 200)
		f.do(p.leader, "POST", paper+"/sign", object{"capacity": "TM."}).want(t, 200)
		f.do(p.clerk, "POST", paper+"/release", object{"number": "12/UBND-VP", "issued_on": "2026-02-10"}).want(t, 200)
		got := f.do(f.office.Leader.Officer, "GET", "/api/v1/petitions/"+id, nil).want(t, 200)
		if got.text("state") != "received" || got.text("text") != "Viết lại." || got.text("proposal") != "Cấp quyền." || got.text("symbol") != "12/UBND-VP" {
			t.Errorf("released: %s", got.raw)
		}
	})
}

// send uploads one file and returns the answer.
func (f *face) send(who org.OfficerID, name, content string) answer {
	f.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		f.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return f.do(who, "POST", "/api/v1/uploads", form.String(), "Content-Type", w.FormDataContentType())
}

func TestFilesTravelWithTheirAct(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		file := f.send(commune, `C:\tài liệu\Ảnh chụp lỗi.txt`, "Máy báo lỗi 500.").want(t, 201)
		if file.text("name") != "Ảnh chụp lỗi.txt" || file.body["size"] != 20.0 || file.text("scan") != "unscanned" {
			t.Errorf("upload: %s", file.raw)
		}
		for name, content := range map[string]string{"a.pdf": "not a pdf", "a.exe": "MZ", "Tối mật.txt": "x", "rong.txt": ""} {
			a := f.send(commune, name, content)
			if a.status != 422 || fieldOf(a) == "" {
				t.Errorf("%s: %d %s", name, a.status, a.raw)
			}
		}
		body := f.raiseBody()
		body["attachments"] = []string{file.text("id")}
		f.do(leader, "POST", "/api/v1/petitions", body).want(t, 422) // of somebody else
		stranger := f.somebody(otherCommune(f), org.Leader)
		f.do(stranger, "POST", "/api/v1/petitions/drafts", body).want(t, 422)
		id := f.do(commune, "POST", "/api/v1/petitions", body).want(t, 201).text("id")
		f.do(commune, "POST", "/api/v1/petitions", body).want(t, 422) // a file goes with one act
		docs := f.do(leader, "GET", "/api/v1/petitions/"+id, nil).want(t, 200).body["documents"].([]any)
		if len(docs) != 1 {
			t.Fatalf("documents: %v", docs)
		}
		path := "/api/v1/documents/" + docs[0].(object)["id"].(string)
		got := f.do(leader, "GET", path, nil).want(t, 200)
		if got.raw != "Máy báo lỗi 500." || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q, %v", got.raw, got.header)
		}
		f.do(stranger, "GET", path, nil).want(t, 404)
		f.do(commune, "POST", "/api/v1/uploads", "{}").want(t, 415)
	})
}

// The guard of the door: too many requests of a token or an address wait.
func TestLimits(t *testing.T) {
	f := one(t)
	rules := f.door.Rules()
	rules.TokenRate, rules.AddressRate = 1, 1
	f.door.SetRules(rules)
	for _, who := range []org.OfficerID{f.office.Commune.Officer, ""} {
		var a answer
		for range 10 {
			a = f.do(who, "GET", "/api/v1/me", nil)
		}
		if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("%q: %d, Retry-After %q", who, a.status, a.header.Get("Retry-After"))
		}
	}
}

// A panic or a broken store is a fault of ours: a number, and nothing of the inside.
func TestOurOwnFaults(t *testing.T) {
	f := one(t)
	lttest.Update(t, f.d, func(tx *db.Tx) error {
		_, err := tx.Exec(`DROP TABLE petition_answer`)
		return err
	})
	a := f.do(f.office.Commune.Officer, "GET", "/api/v1/petitions/"+f.raise().text("id"), nil)
	if a.status != 500 || a.text("number") == "" || strings.Contains(a.raw, "petition_answer") {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// one opens a face for what depends on no database.
func one(t *testing.T) *face {
	d, clock := province.SQLite(t)
	return open(t, d, clock)
}

// A wrong file comes off a draft and the right one takes its place; both are told.
func TestFilesOfADraftAreReplaced(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		p := people(f, otherCommune(f))
		body := f.raiseBody()
		body["attachments"] = []string{f.send(p.specialist, "nhầm.txt", "nhầm").want(t, 201).text("id")}
		draft := f.do(p.specialist, "POST", "/api/v1/petitions/drafts", body).want(t, 201)
		paper := draft.header.Get("Location")
		wrong := draft.body["files"].([]any)[0].(object)["id"]
		right := f.send(p.specialist, "đúng.txt", "đúng").want(t, 201).text("id")
		change := object{"attachments": []string{right}, "remove": []any{wrong}}
		f.do(p.head, "POST", paper+"/files", change).want(t, 422) // not his file
		f.do(p.head, "POST", paper+"/files", object{"remove": []any{wrong}}).want(t, 403)
		f.do(p.specialist, "POST", paper+"/files", change, "If-Match", `"7"`).want(t, 412)
		now := f.do(p.specialist, "POST", paper+"/files", change, "If-Match", draft.header.Get("ETag")).want(t, 200)
		files := now.body["files"].([]any)
		if len(files) != 1 || files[0].(object)["name"] != "đúng.txt" || now.body["version"] != 2.0 {
			t.Errorf("replaced: %s", now.raw)
		}
		f.do(p.specialist, "GET", "/api/v1/documents/"+wrong.(string), nil).want(t, 404)
		history := f.do(p.specialist, "GET", "/api/v1/cases/"+draft.text("case")+"/history", nil).want(t, 200)
		if !strings.Contains(history.raw, "bỏ tệp “nhầm.txt”; thêm tệp “đúng.txt”") {
			t.Errorf("history: %s", history.raw)
		}
		f.do(p.specialist, "POST", paper+"/submit", nil, "If-Match", `"1"`).want(t, 412)
	})
}

const piecesAt = "/api/v1/uploads/pieces"

// A file that comes in pieces travels with its act as one that came at once.
func TestPiecesTravelWithTheirAct(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		text := strings.Repeat("Máy báo lỗi 500. ", 2000)
		about := "filename " + base64.StdEncoding.EncodeToString([]byte("lỗi.txt")) + ",item " + base64.StdEncoding.EncodeToString([]byte("k-1"))
		begun := f.do(commune, "POST", piecesAt, "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(text)), "Upload-Metadata", about).want(t, 201)
		at := begun.header.Get("Location")
		piece := func(who org.OfficerID, from, to int) answer {
			return f.do(who, "PATCH", at, text[from:to], "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(from), "Content-Type", "application/offset+octet-stream")
		}
		piece(commune, 0, 10_000).want(t, 204)
		piece(leader, 10_000, len(text)).want(t, 404) // of somebody else
		piece(commune, 0, 10_000).want(t, 409)
		f.do(commune, "PATCH", at, "x", "Upload-Offset", "10000", "Content-Type", "application/offset+octet-stream").want(t, 412)
		body := f.raiseBody()
		body["attachments"] = []string{strings.TrimPrefix(at, piecesAt+"/")}
		f.do(commune, "POST", "/api/v1/petitions", body).want(t, 422) // not whole
		if got := f.do(commune, "HEAD", at, nil, "Tus-Resumable", "1.0.0").want(t, 200); got.header.Get("Upload-Offset") != "10000" {
			t.Errorf("how far: %v", got.header)
		}
		if got := piece(commune, 10_000, len(text)).want(t, 204); got.header.Get("Upload-Complete") != "?1" {
			t.Errorf("last piece: %v", got.header)
		}
		f.do(commune, "POST", "/api/v1/petitions", body).want(t, 201)
		f.do(commune, "DELETE", at, nil, "Tus-Resumable", "1.0.0").want(t, 404) // the act has it
	})
}
