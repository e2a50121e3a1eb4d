package measure

import (
	"io"
	"testing"

	"lienthong/internal/extract"
)

// The invented documents are read at least as well as the office may expect of any.
func TestInventedDocuments(t *testing.T) {
	// directives2, directives4 and directives6 were written by other hands than the grammar, directives5 with it
	for folder, least := range map[string]int{"directives": 25, "directives2": 30, "directives3": 14, "directives4": 20, "directives5": 13, "directives6": 14} {
		r, err := Folder("../testdata/"+folder, testWriter{t})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d documents, %d tasks: header %.4f, tasks %.4f, lead %.4f, deadline %.4f", folder, r.Documents, r.Truth, r.Header(), r.Found(), r.Lead(), r.Deadline())
		if r.Documents < least || r.Header() < 0.95 || r.Found() < 0.9 || r.Lead() < 0.9 || r.Deadline() < 0.95 {
			t.Errorf("%s below the figures wanted: %+v", folder, r)
		}
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Logf("%s", b)
	return len(b), nil
}

// A wrong lead, a wrong date, a task too few and one too many each cost.
func TestFaultsCost(t *testing.T) {
	day, other, typ := "2025-09-30", "2025-10-01", "công văn"
	truthTask := truthJob{Proposal: extract.Proposal{Lead: []string{"Sở Y tế và Sở Tài chính"}, Content: "rà soát nhu cầu thuốc của các trạm y tế xã", Clause: "1", Deadline: &day}}
	tr := truth{Document: extract.Document{Type: &typ}, Tasks: []truthJob{truthTask}}
	good := extract.Proposal{Lead: []string{"Sở Y tế", "Sở Tài chính"}, Content: "rà soát nhu cầu thuốc của các trạm y tế xã, báo cáo", Deadline: &day}
	wrongLead, wrongDate := good, good
	wrongLead.Lead, wrongDate.Deadline = []string{"Sở Y tế"}, &other
	for name, c := range map[string]struct {
		tasks                 []extract.Proposal
		tasksF, lead, instant float64
	}{
		"right":      {[]extract.Proposal{good}, 1, 1, 1},
		"wrong lead": {[]extract.Proposal{wrongLead}, 1, 0, 1},
		"wrong date": {[]extract.Proposal{wrongDate}, 1, 1, 0},
		"missed":     {nil, 0, 0, 1},
		"extra":      {[]extract.Proposal{good, {Lead: []string{"Sở Nội vụ"}, Content: "việc khác hẳn không có trong văn bản này"}}, 2.0 / 3, 2.0 / 3, 1},
	} {
		var r Result
		r.add("x", tr, extract.Document{Type: &typ, Tasks: c.tasks}, io.Discard)
		if r.Found() != c.tasksF || r.Lead() != c.lead || r.Deadline() != c.instant {
			t.Errorf("%s: tasks %v, lead %v, deadline %v", name, r.Found(), r.Lead(), r.Deadline())
		}
	}
}
