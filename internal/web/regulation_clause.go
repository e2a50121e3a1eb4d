package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
)

// clausePath is the page of a clause; its id is the address.
func clausePath(id regulation.ClauseID) string { return "/regulations/" + string(id) }

// carriedBy says which rules carry a clause, or why none does.
func carriedBy(rb *regulation.Rulebook, c *regulation.Clause, tx *db.Tx) string {
	var names []string
	for _, a := range rb.Resting(c.ID, tx.Now) {
		if name := keyName(a.Key); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) > 0:
		return strings.Join(names, "; ")
	case !c.CanOperate():
		return "không thi hành bằng phần mềm"
	}
	return "chưa"
}

// regulationClause shows one clause: what it says in short, the rules bound to it with
// their values, and how these rules run now.
func (s *Server) regulationClause(w http.ResponseWriter, r *http.Request) error {
	id := regulation.ClauseID(r.PathValue("text") + "/" + r.PathValue("clause"))
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		text, clauses, err := s.textHead(rb, r.PathValue("text"))
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(clauses, func(c regulation.Clause) bool { return c.ID == id })
		if at < 0 {
			return nil, fault.NotFound
		}
		c := &clauses[at]
		p.Title = c.Cite
		v := regulationView{Head: ui.Head{Title: c.Cite, Sub: c.Duty, Chips: append(text.Head.Chips, ui.Chip{Text: string(c.ID)}),
			Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}, {Label: text.Head.Title, Href: "/regulations/" + r.PathValue("text")}}}}
		v.Facts = clauseFacts(rb, c)
		n := newNames(tx)
		var keys []string
		for _, a := range rb.Resting(id, tx.Now) {
			v.Rules = append(v.Rules, ruleWith(n, rb, a, tx))
			if !slices.Contains(keys, a.Key) {
				keys = append(keys, a.Key)
			}
		}
		if len(v.Rules) == 0 {
			v.Notes = append(v.Notes, "Chưa có quy định nào được thi hành theo khoản này.")
		}
		v.Tables, v.Notes, err = liveFigures(tx, who, keys, v.Notes)
		return regulationPage(v), err
	})
}

// clauseFacts say who owes what to whom in the short wording of the data, and which clause
// carries the consequence.
func clauseFacts(rb *regulation.Rulebook, c *regulation.Clause) []ui.Fact {
	one := func(label, value string) ui.Fact { return ui.Fact{Label: label, Values: []ui.Link{{Label: value}}} }
	facts := []ui.Fact{one("Ai làm", c.Actor), one("Với ai", c.Counterpart), one("Thời gian", deadlineWords(c.Deadline))}
	switch c.Operable {
	case "yes":
		facts = append(facts, one("Bằng phần mềm", "thi hành được"))
	case "partly":
		facts = append(facts, one("Bằng phần mềm", "thi hành được một phần"))
	default:
		facts = append(facts, one("Bằng phần mềm", "không"))
	}
	var breach []ui.Link
	for _, b := range c.Breach {
		l := ui.Link{Label: b}
		if x, ok := rb.Clause(regulation.ClauseID(b)); ok {
			l = ui.Link{Label: x.Cite, Href: clausePath(x.ID)}
		} else if b == "none" {
			l.Label = "quy chế không nêu"
		}
		breach = append(breach, l)
	}
	if len(breach) > 0 {
		facts = append(facts, ui.Fact{Label: "Khi không làm", Values: breach})
	}
	return facts
}

// liveFigures are how the duties of some rules stand now, in the units that the reader
// oversees or leads; for all others the sentence that says whom to ask.
func liveFigures(tx *db.Tx, who org.Actor, keys, notes []string) ([]ui.Table, []string, error) {
	kinds := dutyKinds()
	t := ui.Table{Caption: "Đang chạy thế nào", Cols: []ui.Col{{Label: "Việc"}}}
	for _, c := range boardColumns {
		t.Cols = append(t.Cols, ui.Col{Label: c.label, Num: true})
	}
	for _, key := range keys {
		if _, ok := kinds[key]; !ok {
			continue // no duty is made by this rule: it only says how
		}
		b, err := board.Read(tx, who, board.Query{Rule: key}, kinds)
		if errors.Is(err, fault.Denied) {
			return nil, append(notes, "Số liệu đang chạy dành cho cơ quan theo dõi, đôn đốc và lãnh đạo đơn vị."), nil
		}
		if err != nil {
			return nil, nil, err
		}
		f := board.Filter{Query: b.Query}
		t.Rows = append(t.Rows, boardRow(boardColumns, &b.Total, f, ui.Cell{Text: kinds[key].Say, Href: boardPath(f)}, false))
	}
	if len(t.Rows) == 0 {
		return nil, notes, nil
	}
	return []ui.Table{t}, notes, nil
}

// regulationRule shows every rule of one key, where they disagree, and live figures.
func (s *Server) regulationRule(w http.ResponseWriter, r *http.Request) error {
	key := r.PathValue("rule")
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(rb.Keys(), key) {
			return nil, fault.NotFound
		}
		p.Title = keyName(key)
		v := regulationView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}}, Chips: []ui.Chip{{Text: key}}}}
		if on, why := rb.On(key); !on {
			v.Notes = []string{"Không áp dụng ở đây: " + why}
			return regulationPage(v), nil
		}
		n := newNames(tx)
		for _, a := range rb.Bound(key, tx.Now) {
			v.Rules = append(v.Rules, ruleWith(n, rb, a, tx))
		}
		if len(v.Rules) == 0 {
			v.Notes = []string{"Quy chế chưa nêu, đơn vị chưa đặt."}
		}
		v.Tables, v.Notes, err = liveFigures(tx, who, []string{key}, v.Notes)
		return regulationPage(v), err
	})
}
