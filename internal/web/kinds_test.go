package web

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/group"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// Every kind of case that some package opens has a page to which notices lead, a word and the
// names of its states.
func TestEveryKindOfCaseHasItsPage(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^\s*(?:const )?(?:Case|Item|Assignment|Publication)Kind\s*=\s*"([a-z_-]+)"`)
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
	}
	if len(found) < 12 {
		t.Fatalf("only %d kinds are found in the sources", len(found))
	}
	for kind := range found {
		k := caseKinds[kind]
		if pageOf(&casefile.Case{ID: "x", Kind: kind}) == "" || len(k.states) == 0 || k.word == "" && kind != "petition" {
			t.Errorf("a notice of a case of the kind %s leads nowhere", kind)
		}
	}
}

// What was found is named and told in the words of its own kind: a group that was answered is
// no petition that waits for its commune.
func TestFoundInWordsOfItsKind(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		var found *group.Group
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			tried := "đã gọi"
			p, err := petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: "Chứng thực bản sao", Field: s.office.Field, Text: "nội dung", Tried: &tried})
			if err != nil {
				return err
			}
			held, err := org.Holders(tx, "van-phong-ubnd-tinh", org.Desk)
			if err != nil {
				return err
			}
			desk, err := org.ActorOf(tx, held[0].Officer.ID)
			if err != nil {
				return err
			}
			if found, err = group.Form(tx, desk, group.New{Title: "Nhóm chứng thực", Members: []casefile.ID{p.ID}}); err != nil {
				return err
			}
			_, err = group.AnswerNow(tx, s.office.Leader, found.ID, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
			return err
		})
		s.people["answers"] = s.office.Leader.Officer
		s.open1(map[string]org.OfficerID{"answers": s.office.Leader.Officer})
		s.visit("answers").open("/search?q="+url.QueryEscape(found.Code)).wants("nhóm vấn đề", "Đã trả lời chung").lacks("xã chưa xác nhận", "Đánh dấu các việc")
		s.visit("answers").open(groupPath(found.ID)).wants("trả lời chung", "đã hướng dẫn", "đã nhận câu trả lời chung")
	})
}
