package exchange

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// seat is the post in which somebody works on documents that wait: clerk (văn thư) of the
// unit that a document went to or came from, or desk officer of who oversees petitions.
func seat(who org.Actor, d *Document, over map[org.UnitID][]string) (org.Actor, bool) {
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	for _, p := range posts {
		if desk(p, over) || p.Role == org.Clerk && (p.Unit == d.Addressee || p.Unit == d.Issuer) && p.Unit != "" {
			return who.As(p), true
		}
	}
	return who, false
}

// desk says whether a post follows petitions for a unit that oversees them. The role alone
// says nothing: any unit's administrator hands it out.
func desk(p org.Post, over map[org.UnitID][]string) bool {
	return p.Role == org.Desk && slices.Contains(over[p.Unit], petition.CaseKind)
}

// Works says whether an actor has documents to place at all: the page is on his rail.
func Works(who org.Actor) bool {
	return who.Root || slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Role == org.Desk || p.Role == org.Clerk })
}

// may returns the actor in his seat, or a refusal that says who may.
func may(tx *db.Tx, who org.Actor, d *Document) (org.Actor, error) {
	if who.System != "" {
		return who, nil
	}
	over, err := org.Overseers(tx)
	if err != nil {
		return who, err
	}
	as, ok := seat(who, d, over)
	if !ok {
		return who, fault.Refuse(fault.Denied, "Chỉ văn thư của đơn vị nhận hoặc gửi, hoặc chuyên viên theo dõi của Văn phòng, đối chiếu văn bản này.")
	}
	return as, nil
}

// visible is the condition under which who sees rows of exchange_document x, its arguments
// from $1 on: by seat, and where the document has a case only with the case. The
// administrator of the province sees the alarms: number, day and issuer.
func visible(tx *db.Tx, who org.Actor) (cond string, args []any, err error) {
	if who.System != "" {
		return `TRUE`, nil, nil
	}
	over, err := org.Overseers(tx)
	if err != nil {
		return "", nil, err
	}
	args = []any{who.Reader()}
	var units []string
	all := false
	for _, p := range who.Posts {
		all = all || desk(p, over)
		if p.Role == org.Clerk {
			args = append(args, string(p.Unit))
			units = append(units, "$"+strconv.Itoa(len(args)))
		}
	}
	seats := []string{`FALSE`}
	if who.Root {
		seats = append(seats, `x.state = 'secret'`)
	}
	if in := strings.Join(units, ", "); in != "" {
		seats = append(seats, `x.addressee IN (`+in+`)`, `x.issuer IN (`+in+`)`)
	}
	if all {
		seats = append(seats, `TRUE`)
	}
	return `(` + strings.Join(seats, " OR ") + `) AND (x.case_id IS NULL OR ` + access.Visible("x.case_id", "$1") + `)`, args, nil
}

// Get returns a document, or fault.NotFound for who may not see it.
func Get(tx *db.Tx, who org.Actor, id ID) (d Document, err error) {
	defer fault.Wrap(&err, "document %s", id)
	cond, args, err := visible(tx, who)
	if err != nil {
		return d, err
	}
	args = append(args, string(id))
	found := false
	err = tx.All(`SELECT `+columns+` FROM exchange_document x WHERE x.id = $`+strconv.Itoa(len(args))+` AND `+cond, args, func(r *sql.Rows) (err error) {
		found = true
		d, err = scan(r)
		return err
	})
	if err == nil && !found {
		err = fault.NotFound
	}
	return d, err
}

// List returns the documents of a state that who may see, those that wait longest first
// and the others newest first, at most limit behind the cursor; next is "" at the end.
func List(tx *db.Tx, who org.Actor, state, cursor string, limit int) (all []Document, next string, err error) {
	defer fault.Wrap(&err, "documents")
	if States[state] == "" {
		return nil, "", fault.Field("state", "Không có danh sách này.")
	}
	cond, args, err := visible(tx, who)
	if err != nil {
		return nil, "", err
	}
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := `x.state = ` + bind(state) + ` AND ` + cond
	order, than := "DESC", "<"
	if state == Waiting {
		order, than = "ASC", ">"
	}
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "|")
		if !ok || !db.Storable(cursor) {
			return nil, "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
		}
		where += ` AND (x.arrived_at, x.id) ` + than + ` (` + bind(at) + `, ` + bind(id) + `)`
	}
	err = tx.All(`SELECT `+columns+` FROM exchange_document x WHERE `+where+` ORDER BY x.arrived_at `+order+`, x.id `+order+` LIMIT `+bind(limit+1), args, func(r *sql.Rows) error {
		d, err := scan(r)
		all = append(all, d)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		last := all[limit-1]
		next = db.FormatInstant(last.ArrivedAt) + "|" + string(last.ID)
	}
	return all, next, err
}

// Counts are how many documents wait for a person, and how many secret ones nobody took
// note of, up to most each.
type Counts struct{ Waiting, Alarms int }

// Count counts what List would give who, up to most.
func Count(tx *db.Tx, who org.Actor, most int) (c Counts, err error) {
	defer fault.Wrap(&err, "count documents")
	if !Works(who) && who.System == "" {
		return c, nil
	}
	cond, args, err := visible(tx, who)
	if err != nil {
		return c, err
	}
	args = append(args, most)
	up := "$" + strconv.Itoa(len(args))
	err = tx.One(`SELECT (SELECT count(*) FROM (SELECT 1 AS n FROM exchange_document x WHERE x.state = 'waiting' AND `+cond+` LIMIT `+up+`) w),
		(SELECT count(*) FROM (SELECT 1 AS n FROM exchange_document x WHERE x.state = 'secret' AND NOT x.noted AND `+cond+` LIMIT `+up+`) s)`,
		args, &c.Waiting, &c.Alarms)
	return c, err
}

// hold reads a document under a lock that lets one person decide at a time.
func hold(tx *db.Tx, who org.Actor, id ID, seen int64) (d Document, as org.Actor, err error) {
	n, err := tx.Exec(`UPDATE exchange_document SET version = version WHERE id = $1`, string(id))
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return d, who, err
	}
	if d, err = Get(tx, who, id); err != nil {
		return d, who, err
	}
	if as, err = may(tx, who, &d); err != nil {
		return d, as, err
	}
	switch {
	case d.State != Waiting:
		return d, as, fault.Refuse(fault.Conflict, "Văn bản này đã được xử lý: %s.", lower(States[d.State]))
	case seen != 0 && seen != d.Version:
		return d, as, fault.Refuse(fault.Conflict, "Văn bản này vừa có thay đổi sau khi anh/chị mở trang. Hãy xem lại rồi làm tiếp.")
	}
	return d, as, nil
}

// The first letter small, inside a sentence.
func lower(s string) string {
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

// absent says whether an error is that of a thing that is not there.
func absent(err error) bool { return errors.Is(err, fault.NotFound) }
