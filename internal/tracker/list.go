package tracker

import (
	"database/sql"
	"encoding/base64"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Slice is one of the lists.
type Slice string

// The slices.
const (
	Running  Slice = ""
	Late     Slice = "late"
	Week     Slice = "week"
	Dateless Slice = "dateless"
	Waiting  Slice = "waiting"
	Returned Slice = "returned"
	Asked    Slice = "asked"
)

// Slices are the lists in the order of tabs.
var Slices = []struct {
	Slice Slice
	Say   string
}{{Running, "Đang thực hiện"}, {Late, "Quá hạn"}, {Week, "Đến hạn tuần này"}, {Dateless, "Không nêu hạn"}, {Waiting, "Chờ công nhận"}, {Returned, "Bị trả lại"}, {Asked, "Được đề nghị"}}

// A statement gathers conditions with their arguments.
type statement struct {
	where []string
	args  []any
}

func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *statement) add(cond string) { s.where = append(s.where, cond) }

// farAway is where the due instants of those without a date begin.
const farAway = "9000"

// of is the list of a slice: its source with the key of its order, and its conditions.
func (s *statement) of(tx *db.Tx, who org.Actor, f Filter, units []org.UnitID, all bool, slice Slice) (from, key string) {
	// a CROSS JOIN keeps SQLite to the order in which the index of the list is sought
	from = `duty d CROSS JOIN casefile c`
	s.add(`c.id = d.case_id AND c.lead = d.owner`)
	key = "d.due_at"
	running := `d.ended_at IS NULL AND d.rule IN ('assignment.do', 'assignment.recur')`
	today := workday.Of(tx.Now)
	owner := "d.owner"
	switch slice {
	case Late:
		s.add(running + ` AND NOT d.request AND d.due_at <= ` + s.arg(tx.Now))
	case Week:
		s.add(running + ` AND NOT d.request AND d.due_at > ` + s.arg(tx.Now) + ` AND d.due_at <= ` + s.arg(weekEnd(today).AddDays(1).Midnight()))
	case Dateless:
		s.add(running + ` AND NOT d.request AND d.due_at >= '` + farAway + `'`)
	case Asked:
		s.add(running + ` AND d.request`)
	case Waiting:
		s.where = nil
		from, key, owner = `assignment a CROSS JOIN casefile c`, "a.submitted_at", "c.lead"
		s.add(`c.id = a.case_id AND a.submitted_at IS NOT NULL AND a.accepted_at IS NULL AND c.state = 'submitted'`)
	case Returned:
		s.where = nil
		from, key, owner = `assignment a CROSS JOIN casefile c`, "a.case_id", "c.lead"
		s.add(`c.id = a.case_id AND a.returns > 0 AND a.accepted_at IS NULL AND c.state = 'open'`)
	default:
		s.add(running + ` AND NOT d.request`)
	}
	if !all || len(f.Units) > 0 || f.Leader != "" {
		marks := make([]string, len(units))
		for i, u := range units {
			marks[i] = s.arg(string(u))
		}
		s.add(owner + ` IN (` + strings.Join(marks, ", ") + `)`)
	}
	if f.Field != "" {
		n := s.arg(f.Field)
		s.add(`(c.field = ` + n + ` OR substr(c.field, 1, length(` + n + `) + 1) = ` + n + ` || '.')`)
	}
	return from, key
}

// bounded counts a slice for which there is no counter, up to Most.
func bounded(tx *db.Tx, who org.Actor, f Filter, units []org.UnitID, all bool, slice Slice) (n int64, err error) {
	s := &statement{}
	from, _ := s.of(tx, who, f, units, all, slice)
	s.add(access.Visible("c.id", s.arg(who.Reader())))
	err = tx.One(`SELECT count(*) FROM (SELECT c.id FROM `+from+` WHERE `+strings.Join(s.where, " AND ")+` LIMIT `+strconv.Itoa(Most)+`) x`, s.args, &n)
	return n, err
}

// List returns a page of a slice, what is due first before the rest, and the cursor of the
// next page.
func List(tx *db.Tx, who org.Actor, slice Slice, f Filter, cursor string, limit int) (all []directive.Line, next string, err error) {
	defer fault.Wrap(&err, "list assignments of the tracker")
	units, every, err := scope(tx, who)
	if err != nil {
		return nil, "", err
	}
	if units, err = f.narrow(tx, units); err != nil || len(units) == 0 {
		return nil, "", err
	}
	s := &statement{}
	from, key := s.of(tx, who, f, units, every, slice)
	s.add(access.Visible("c.id", s.arg(who.Reader())))
	if cursor != "" {
		at, id, err := decode(cursor)
		if err != nil {
			return nil, "", err
		}
		a := s.arg(at)
		s.add(`(` + key + ` > ` + a + ` OR ` + key + ` = ` + a + ` AND ` + key[:1] + `.case_id > ` + s.arg(id) + `)`)
	}
	id := key[:1] + ".case_id" // of the index, so that nothing is sorted
	var ids []casefile.ID
	var keys []string
	err = tx.All(`SELECT c.id, `+key+` FROM `+from+` WHERE `+strings.Join(s.where, " AND ")+` ORDER BY `+key+`, `+id+` LIMIT `+s.arg(limit+1), s.args, func(r *sql.Rows) error {
		var id casefile.ID
		var k string
		err := r.Scan(&id, &k)
		ids, keys = append(ids, id), append(keys, k)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(ids) > limit {
		next = encode(keys[limit-1], string(ids[limit-1]))
		ids = ids[:limit]
	}
	all, err = directive.LinesOf(tx, who, ids)
	return all, next, err
}

func encode(at, id string) string { return base64.RawURLEncoding.EncodeToString([]byte(at + " " + id)) }

func decode(cursor string) (at, id string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	i := strings.LastIndexByte(string(b), ' ')
	if err != nil || i < 0 {
		return "", "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
	}
	return string(b[:i]), string(b[i+1:]), nil
}
