package group

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// raise is the proposal's petition: in its text stand the petitions of the group, whose
// codes whoever receives it opens under his own rights.
func (g *Group) raise(tx *db.Tx, who org.Actor, in Proposal) (r petition.Raise, err error) {
	if in.Text = strings.TrimSpace(in.Text); in.Text == "" {
		return r, fault.Field("text", "Hãy nêu quy chế chưa phù hợp hoặc còn thiếu ở điểm nào.")
	}
	members, err := Members(tx, who, g.ID)
	if err != nil {
		return r, err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\nNhóm vấn đề %s “%s”, rút ra từ kiến nghị của các xã, phường:\n", in.Text, g.Code, g.Title)
	names, err := org.UnitNames(tx, raisers(members)...)
	if err != nil {
		return r, err
	}
	for _, m := range members {
		if m.Place != "left" {
			fmt.Fprintf(&text, "- mã theo dõi %s, %s: %s\n", m.Code, names[m.Raiser], m.Title)
		}
	}
	title := in.Title
	if strings.TrimSpace(title) == "" {
		title = "Đề nghị sửa đổi, bổ sung quy chế: " + g.Title
	}
	tried := ""
	return petition.Raise{Unit: who.Post.Unit, Title: title, Amend: true, Text: text.String(), Basis: in.Basis, Proposal: in.Amend, Tried: &tried}, nil
}

// The communes that raised the members.
func raisers(all []Member) (units []org.UnitID) {
	for _, m := range all {
		units = append(units, m.Raiser)
	}
	return units
}

// A Member is a petition in a group, as one reader may see it.
type Member struct {
	ID      casefile.ID
	Code    string
	Title   string
	Raiser  org.UnitID
	State   string
	Settled string    // "", "yes" or "no": what the commune said of its last answer
	Since   time.Time // when it joined
	Place   string    // in the group: "" stands in it, "left", "answered", or "missed": the answer did not reach it
}

// Members returns the petitions of a group, those that stand or stood in it, which the
// reader may open; at most a thousand, in the order they came.
func Members(tx *db.Tx, who org.Actor, id casefile.ID) (all []Member, err error) {
	defer fault.Wrap(&err, "members of group %s", id)
	args := []any{string(id)}
	and := "TRUE"
	if who.System == "" {
		and = access.Visible("c.id", "$2")
		args = append(args, who.Reader())
	}
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.raiser, c.state, m.since_at, m.fate,
			coalesce((SELECT a.settled FROM petition_answer a WHERE a.case_id = c.id ORDER BY a.round DESC LIMIT 1), '')
		FROM group_member m JOIN casefile c ON c.id = m.petition
		WHERE m.case_id = $1 AND `+and+` ORDER BY m.n LIMIT 1000`, args, func(r *sql.Rows) error {
		var m Member
		err := r.Scan(&m.ID, &m.Code, &m.Title, &m.Raiser, &m.State, db.Instant(&m.Since), &m.Place, &m.Settled)
		all = append(all, m)
		return err
	})
	return all, err
}

// Given returns the common answer as it was released, by a paper or in one step; nil while
// there is none, or when its text was taken out of reach. Who may read the group may read it.
func (g *Group) Given(tx *db.Tx) (*petition.Given, error) {
	if g.Round == 0 {
		return nil, nil
	}
	given, err := petition.GivenIn(tx, g.Carrier, g.Round)
	if fault.Kind(err) == fault.NotFound {
		return nil, nil
	}
	return given, err
}

// A Listed is one group in a list.
type Listed struct {
	ID       casefile.ID
	Code     string
	Title    string
	State    string
	Field    string
	Lead     org.UnitID
	OpenedAt time.Time
	Members  int64 // that stand in it or were answered with it
}

// List returns the groups that the reader may see, in a state or all (""), the newest
// first, at most limit, and the cursor of the rest.
func List(tx *db.Tx, who org.Actor, state, cursor string, limit int) (all []Listed, next string, err error) {
	defer fault.Wrap(&err, "list groups")
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	if len(after) == 0 {
		after = "~" // behind every id
	}
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.state, c.field, c.lead, c.opened_at,
			(SELECT count(*) FROM group_member m WHERE m.case_id = c.id AND m.fate <> 'left')
		FROM petition_group g JOIN casefile c ON c.id = g.case_id
		WHERE g.case_id < $1 AND ($2 = '' OR c.state = $2) AND `+access.Visible("c.id", "$3")+`
		ORDER BY g.case_id DESC LIMIT $4`, []any{after, state, who.Reader(), limit + 1}, func(r *sql.Rows) error {
		var l Listed
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.State, &l.Field, &l.Lead, db.Instant(&l.OpenedAt), &l.Members)
		all = append(all, l)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// Of returns the group in which a petition stands now, nil when it stands in none or the
// reader may not open it.
func Of(tx *db.Tx, who org.Actor, id casefile.ID) (*Group, error) {
	var in casefile.ID
	err := tx.One(`SELECT m.case_id FROM group_member m WHERE m.petition = $1 AND m.until_at IS NULL AND `+access.Visible("m.case_id", "$2"),
		[]any{string(id), who.Reader()}, &in)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Get(tx, who, in)
}

// ofPetition returns the id of the open group that holds a petition; "" none.
func ofPetition(tx *db.Tx, id casefile.ID) (in casefile.ID, err error) {
	// system: a commune leaves a group that it does not read
	err = tx.One(`SELECT case_id FROM group_member WHERE petition = $1 AND until_at IS NULL`, []any{string(id)}, &in)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return in, err
}
