package regulation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/fault"
)

// Show writes in Vietnamese what the library holds under id: a clause, a regulation, a
// profile, or a key with every rule that binds it. An unknown id is fault.NotFound.
func Show(lib *Library, keys []Key, id string) (string, error) {
	var b strings.Builder
	switch {
	case lib.clauses[ClauseID(id)] != nil:
		lib.showClause(&b, lib.clauses[ClauseID(id)])
	case lib.Regulations[id] != nil:
		lib.showRegulation(&b, lib.Regulations[id])
	case lib.Profiles[id] != nil:
		lib.showProfile(&b, lib.Profiles[id])
	case index(keys)[id] != nil || lib.binds(id):
		lib.showKey(&b, index(keys)[id], id)
	default:
		return "", fault.Refuse(fault.NotFound, "Không có điều khoản, quy chế, cấu hình hay khoá %q.", id)
	}
	return b.String(), nil
}

// A clause with the rules and keys that come from it.
func (l *Library) showClause(b *strings.Builder, c *Clause) {
	fmt.Fprintf(b, "%s\n%s\n\n%s\n", c.ID, c.Cite, c.Duty)
	fmt.Fprintf(b, "Ai làm:     %s\nVới ai:     %s\nThời gian:  %s\nMảng:       %s (%s)\n", c.Actor, c.Counterpart, c.Deadline, c.Area, c.Operable)
	if len(c.Breach) > 0 {
		fmt.Fprintf(b, "Hậu quả:    %s\n", strings.Join(c.Breach, ", "))
	}
	for _, id := range sortedKeys(l.Regulations) {
		r := l.Regulations[id]
		for _, rule := range slices.Concat(r.Rules, r.Later) {
			if rule.cites(c.ID) {
				showRule(b, r.ID, rule)
			}
		}
	}
}

// cites says whether the rule or one of its values rests on the clause.
func (r *Rule) cites(id ClauseID) bool {
	if slices.Contains(r.Clauses, id) {
		return true
	}
	for _, v := range r.Params {
		if slices.Contains(v.Clauses, id) {
			return true
		}
	}
	return false
}

// A text with its time in force and its source.
func (l *Library) showRegulation(b *strings.Builder, r *Regulation) {
	kinds := map[string]string{KindLive: "đang áp dụng", KindModel: "mẫu", KindDead: "không còn hiệu lực"}
	fmt.Fprintf(b, "%s  %s\n%s\n%s; %s\n", r.ID, r.Number, r.Name, r.Issuer, kinds[r.Kind])
	fmt.Fprintf(b, "Hiệu lực: từ %s", r.From)
	if r.To != "" {
		fmt.Fprintf(b, " đến trước %s", r.To)
	}
	fmt.Fprintf(b, "\nNguồn: %s\n", r.Source)
	if r.Note != "" {
		fmt.Fprintf(b, "Ghi chú: %s\n", r.Note)
	}
	operable := 0
	for i := range r.Clauses {
		if r.Clauses[i].CanOperate() {
			operable++
		}
	}
	fmt.Fprintf(b, "%d điều khoản, %d thực hiện được bằng phần mềm\n", len(r.Clauses), operable)
	for _, rule := range r.Rules {
		showRule(b, r.ID, rule)
	}
	if len(r.Later) > 0 {
		fmt.Fprint(b, "\nChờ phần mềm thực hiện:\n")
		for _, rule := range r.Later {
			showRule(b, r.ID, rule)
		}
	}
}

// A profile with its texts and how each is in force.
func (l *Library) showProfile(b *strings.Builder, p *Profile) {
	as := map[string]string{AsLive: "có hiệu lực", AsModel: "theo mẫu", AsShown: "chỉ để tra cứu"}
	fmt.Fprintf(b, "%s  %s\n", p.ID, p.Name)
	if p.Decision != nil {
		fmt.Fprintf(b, "Quyết định %s ngày %s\n", p.Decision.Number, p.Decision.Date)
	}
	for _, t := range p.Regulations {
		number := ""
		if r := l.Regulations[t.ID]; r != nil {
			number = r.Number
		}
		fmt.Fprintf(b, "  %-8s %-22s %s\n", t.ID, number, as[t.As])
	}
	fmt.Fprint(b, "Vai trò:\n")
	for _, r := range p.Roles {
		fmt.Fprintf(b, "  %-20s %-40s %s\n", r.Role, r.Unit, joinClauses(r.Clauses))
	}
	for _, rule := range p.Settings {
		showRule(b, "cài đặt của đơn vị", rule)
	}
	for _, o := range p.Off {
		fmt.Fprintf(b, "Tắt %s: %s\n", o.Key, o.Why)
	}
	for _, f := range p.Fields {
		fmt.Fprintf(b, "  %-34s %-40s %s\n", f.Field, cmp.Or(string(f.Unit), "theo "+f.Rule), joinClauses(f.Clauses))
	}
	for _, f := range p.Holes {
		fmt.Fprintf(b, "  %-34s %-40s %s\n", f.Field, "quy chế chưa nêu", joinClauses(f.Clauses))
	}
}

// Whether any text binds a key.
func (l *Library) binds(key string) bool {
	for _, r := range l.Regulations {
		if slices.ContainsFunc(slices.Concat(r.Rules, r.Later), func(x Rule) bool { return x.Key == key }) {
			return true
		}
	}
	return false
}

// A key with everything that binds it, and that the program waits for when nobody carries it.
func (l *Library) showKey(b *strings.Builder, k *Key, name string) {
	if k == nil {
		fmt.Fprintf(b, "%s: chờ phần mềm thực hiện\n", name)
	} else {
		fmt.Fprintf(b, "%s\n", name)
	}
	for _, id := range sortedKeys(l.Regulations) {
		r := l.Regulations[id]
		for _, rule := range slices.Concat(r.Rules, r.Later) {
			if rule.Key == name {
				showRule(b, id, rule)
			}
		}
	}
	for _, id := range sortedKeys(l.Profiles) {
		for _, rule := range l.Profiles[id].Settings {
			if rule.Key == name {
				showRule(b, "cài đặt của "+id, rule)
			}
		}
	}
}

// A rule with its reach.
func showRule(b *strings.Builder, from string, r Rule) {
	fmt.Fprintf(b, "\n%s (%s) %s\n", r.Key, from, joinClauses(r.Clauses))
	if len(r.Units) > 0 {
		fmt.Fprintf(b, "  áp dụng cho: %s\n", strings.Join(r.Units, ", "))
	}
	if len(r.Toward) > 0 {
		fmt.Fprintf(b, "  đối với: %s\n", strings.Join(r.Toward, ", "))
	}
	if len(r.Fields) > 0 {
		fmt.Fprintf(b, "  lĩnh vực: %s\n", strings.Join(r.Fields, ", "))
	}
	for _, name := range sortedKeys(r.Params) {
		v := r.Params[name]
		fmt.Fprintf(b, "  %s: %s", name, strings.Join(v.Values, ", "))
		if len(v.Clauses) > 0 {
			fmt.Fprintf(b, " [%s]", joinClauses(v.Clauses))
		}
		if v.Note != "" {
			fmt.Fprintf(b, " (%s)", v.Note)
		}
		fmt.Fprintln(b)
	}
	if r.Note != "" {
		fmt.Fprintf(b, "  %s\n", r.Note)
	}
}

// Clauses with commas.
func joinClauses(ids []ClauseID) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, ", ")
}
