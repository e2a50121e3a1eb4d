package group

import (
	"database/sql"
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/like"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// mostRead is how many waiting petitions one suggestion reads, the newest first.
const mostRead = 2000

// A Suggestion is waiting petitions of one department that read alike and stand in no
// group. The first names the matter best.
type Suggestion struct {
	Lead    org.UnitID
	Members []Member
}

// Suggest proposes groups to who may form them, the largest first; nothing is decided by
// it. Petitions of several departments are never put together: no group takes them.
func Suggest(tx *db.Tx, who org.Actor) (all []Suggestion, err error) {
	defer fault.Wrap(&err, "suggest groups")
	texts, members := map[org.UnitID][]like.Item{}, map[org.UnitID][]Member{}
	var leads []org.UnitID
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.raiser, c.state, c.field, c.lead, coalesce(e.text, '')
		FROM petition p JOIN casefile c ON c.id = p.case_id LEFT JOIN event e ON e.case_id = c.id AND e.n = p.raised_n
		WHERE c.state IN ('received', 'directed', 'reopened') AND c.sealed_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.petition = c.id AND m.until_at IS NULL) AND `+access.Visible("c.id", "$1")+`
		ORDER BY c.id DESC LIMIT $2`, []any{who.Reader(), mostRead}, func(r *sql.Rows) error {
		var m Member
		var field string
		var lead org.UnitID
		var text casefile.StoredText
		if err := r.Scan(&m.ID, &m.Code, &m.Title, &m.Raiser, &m.State, &field, &lead, &text); err != nil {
			return err
		}
		if texts[lead] == nil {
			leads = append(leads, lead)
		}
		words := m.Title + "\n" + petition.TextOf(casefile.Event{Kind: "petition.raised", Text: string(text)})
		texts[lead], members[lead] = append(texts[lead], like.Item{Field: field, Text: words}), append(members[lead], m)
		return nil
	})
	for _, lead := range leads {
		for _, of := range like.Cluster(texts[lead], like.Together) {
			s := Suggestion{Lead: lead}
			for _, n := range of {
				s.Members = append(s.Members, members[lead][n])
			}
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return len(b.Members) - len(a.Members) })
	return all, err
}
