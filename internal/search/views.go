package search

import (
	"database/sql"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/vntext"
)

// A View is a filter of a list under a name (bộ lọc đã lưu): an officer's own, or one that
// an administrator of his unit shows to everybody there. It holds the address and no
// result: whoever opens it sees what he may see.
type View struct {
	ID, List, Name string
	Query          string     // as it stands in the address, without "?"
	Unit           org.UnitID // "" for an own view
	Mine           bool       // the reader may take it away
	Wrong          string     // what its conditions hold that the list no longer has; "" nothing
}

// Lists are the lists whose filters can be kept, by their names in the address.
var Lists = []string{"petitions", "search"}

const (
	mostViews    = 30
	longestView  = 60   // letters of a name
	longestQuery = 4000 // bytes
)

// Conditions are those of a search: its words among the petitions that the other conditions
// take.
var Conditions = append(filter.Set{filter.Words("q", "Từ cần tìm").Saying("nhiều từ liền nhau thì để trong ngoặc kép")}, petition.Conditions...)

// Keep keeps a filter under a name; the same name again replaces it. What the list does not
// take is refused: conditions are those of the list. With unit it is shown to that unit,
// which its administrator alone may do.
func Keep(tx *db.Tx, who org.Actor, in View, conditions filter.Set) (err error) {
	defer fault.Wrap(&err, "keep view of %s", in.List)
	in.Name = vntext.NFC(strings.Join(strings.Fields(in.Name), " "))
	q, badQuery := url.ParseQuery(in.Query)
	switch {
	case !slices.Contains(Lists, in.List):
		return fault.Field("list", "Không có danh sách nào tên là “%.60s”.", in.List)
	case in.Name == "":
		return fault.Field("name", "Hãy đặt tên cho bộ lọc.")
	case utf8.RuneCountInString(in.Name) > longestView:
		return fault.Field("name", "Tên bộ lọc dài quá %d chữ.", longestView)
	case badQuery != nil || len(q) == 0 || len(in.Query) > longestQuery:
		return fault.Field("name", "Chưa có điều kiện lọc nào để lưu.")
	case in.Unit != "" && !administers(who, in.Unit):
		return fault.Refuse(fault.Denied, "Bộ lọc dùng chung của đơn vị do quản trị đơn vị lưu.")
	}
	if _, err := conditions.Parse(tx, who, in.Query); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM list_view WHERE list = $1 AND name = $2 AND unit = $3 AND (unit <> '' OR officer = $4)`,
		in.List, in.Name, string(in.Unit), string(who.Officer)); err != nil {
		return err
	}
	all, err := Views(tx, who, in.List, conditions)
	if err != nil {
		return err
	}
	if len(all) >= mostViews {
		return fault.Field("name", "Đã có %d bộ lọc; anh/chị bỏ bớt rồi lưu.", mostViews)
	}
	_, err = tx.Exec(`INSERT INTO list_view (id, officer, unit, list, name, query, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), string(who.Officer), string(in.Unit), in.List, in.Name, q.Encode(), tx.Now)
	return err
}

// administers says whether the officer is the unit's administrator.
func administers(who org.Actor, unit org.UnitID) bool {
	return slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Unit == unit && p.Role == org.Admin })
}

// Administered are the units for which the officer may keep a view.
func Administered(who org.Actor) (units []org.UnitID) {
	for _, p := range who.Posts {
		if p.Role == org.Admin && !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
	}
	return units
}

// Views returns an officer's views of a list and those of his units, the own ones first,
// each in the order in which they were kept. One whose conditions the list no longer takes
// is told apart by Wrong: a field may have gone since it was kept.
func Views(tx *db.Tx, who org.Actor, list string, conditions filter.Set) (all []View, err error) {
	read := func(cond, arg string) error {
		return tx.All(`SELECT v.id, v.list, v.name, v.query, v.unit FROM list_view v WHERE v.list = $1 AND `+cond+` ORDER BY v.id LIMIT 100`, []any{list, arg}, func(r *sql.Rows) error {
			v := View{}
			err := r.Scan(&v.ID, &v.List, &v.Name, &v.Query, &v.Unit)
			v.Mine = v.Unit == "" || administers(who, v.Unit)
			all = append(all, v)
			return err
		})
	}
	if err := read(`v.unit = '' AND v.officer = $2`, string(who.Officer)); err != nil {
		return nil, err
	}
	seen := map[org.UnitID]bool{}
	for _, p := range who.Posts {
		if seen[p.Unit] {
			continue
		}
		seen[p.Unit] = true
		if err := read(`v.unit = $2`, string(p.Unit)); err != nil {
			return nil, err
		}
	}
	for i := range all {
		_, err := conditions.Parse(tx, who, all[i].Query)
		if err != nil && fault.Kind(err) != fault.Invalid {
			return nil, err
		}
		if err != nil {
			all[i].Wrong = err.Error()
		}
	}
	return all, nil
}

// Unkeep takes a view away: one's own, or one of a unit that one administers. Another's is
// a fault.NotFound.
func Unkeep(tx *db.Tx, who org.Actor, id string) (err error) {
	defer fault.Wrap(&err, "drop view %.30q", id)
	var officer string
	var unit org.UnitID
	if err := tx.One(`SELECT officer, unit FROM list_view WHERE id = $1`, []any{id}, &officer, &unit); err != nil {
		return err
	}
	if unit == "" && officer != string(who.Officer) || unit != "" && !administers(who, unit) {
		return fault.NotFound
	}
	_, err = tx.Exec(`DELETE FROM list_view WHERE id = $1`, id)
	return err
}
