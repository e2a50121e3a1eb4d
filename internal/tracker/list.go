package tracker

import (
	"cmp"
	"database/sql"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
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
	Beside   Slice = "beside"
)

// Slices are the lists in the order of tabs.
var Slices = []struct {
	Slice Slice
	Say   string
}{{Running, "Đang thực hiện"}, {Late, "Quá hạn"}, {Week, "Đến hạn tuần này"}, {Dateless, "Không nêu hạn"}, {Waiting, "Chờ công nhận"}, {Returned, "Bị trả lại"}, {Beside, "Phối hợp"}, {Asked, "Được đề nghị"}}

// Say names a slice; "" for none of them.
func (s Slice) Say() string {
	for _, x := range Slices {
		if x.Slice == s {
			return x.Say
		}
	}
	return ""
}

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

func (s *statement) all() string { return strings.Join(s.where, " AND ") }

func (s *statement) list(units []org.UnitID) string { return list(s, units) }

// list gives values as arguments with commas between.
func list[T ~string](s *statement, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = s.arg(string(v))
	}
	return strings.Join(marks, ", ")
}

// farAway is where the due instants of those without a date begin.
const farAway = "9000"

// running is what a lead owes and has not ended, in the words of the indexes that hold it; a
// part that a unit gave to its own people is not among them.
const (
	running = `d.ended_at IS NULL AND d.rule IN ('assignment.do', 'assignment.recur') AND d.counterpart <> d.owner`
	ofUnit  = `d.ended_at IS NULL AND (d.rule = 'assignment.do' OR d.rule = 'assignment.recur') AND d.counterpart <> d.owner`
)

// A stream is one ordered part of a list: its rows come along an index, so that nothing is
// sorted; a list is the streams merged. Its zero value is everything.
type stream struct {
	unit  org.UnitID // of one owner
	field string     // of one field; ok says that it counts, for "" is a field too
	ok    bool
}

// fewUnits is how many owners get a stream each. The running assignments of more units stand
// close enough to each other in the list of all.
const fewUnits = 12

// streams says along which indexes a slice is read under the filter.
func (s *scene) streams(slice Slice) ([]stream, error) {
	duties := slice != Waiting && slice != Returned && slice != Asked
	var all []stream
	switch {
	case s.f.Directive != "" || !duties:
	case !s.whole && len(s.units) <= fewUnits || slice == Beside:
		for _, u := range s.units {
			all = append(all, stream{unit: u})
		}
		return all, nil
	case s.f.Field != "":
		return s.fields()
	}
	return []stream{{}}, nil
}

// fields are the fields of the filter in which something runs, a stream each.
func (s *scene) fields() (all []stream, err error) {
	n := map[string]int64{}
	for _, rule := range owed {
		err := duty.EachOpen(s.tx, rule, func(x *duty.Sum) {
			if inField(s.f.Field, x.Field) {
				n[x.Field] += x.N
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for _, field := range slices.Sorted(maps.Keys(n)) {
		if n[field] > 0 {
			all = append(all, stream{field: field, ok: true})
		}
	}
	return all, nil
}

// of is one stream of a slice: its source with the key of its order, and its conditions.
func (s *scene) of(q *statement, slice Slice, x stream) (from, key string) {
	if slice == Waiting || slice == Returned {
		return s.ofResults(q, slice)
	}
	from, key = `duty d`, "d.due_at"
	if s.f.Directive != "" {
		// a CROSS JOIN keeps SQLite to the order in which the index is sought
		from = `assignment a CROSS JOIN duty d`
		q.add(`a.directive = ` + q.arg(string(s.f.Directive)) + ` AND d.case_id = a.case_id`)
	}
	base := running
	if x.unit != "" { // one unit's duties stand in an index of their own
		base = ofUnit
	}
	switch slice {
	case Late:
		q.add(base + ` AND NOT d.request AND d.due_at <= ` + q.arg(s.tx.Now))
	case Week:
		q.add(base + ` AND NOT d.request AND d.due_at > ` + q.arg(s.tx.Now) + ` AND d.due_at <= ` + q.arg(s.week.AddDays(1).Midnight()))
	case Dateless:
		q.add(base + ` AND NOT d.request AND d.due_at >= '` + farAway + `'`)
	case Asked:
		q.add(base + ` AND d.request`)
	case Beside:
		q.add(`d.ended_at IS NULL AND d.rule = 'assignment.part'`)
	default:
		q.add(base + ` AND NOT d.request`)
	}
	if x.unit != "" {
		q.add(`d.owner = ` + q.arg(string(x.unit)))
	} else {
		q.among(s, "d.owner")
	}
	if x.ok {
		q.add(`d.field = ` + q.arg(x.field))
	} else {
		q.inField(s.f.Field, "d.field")
	}
	return from, key
}

// ofResults are the lists of results: those that wait to be accepted, those given back.
func (s *scene) ofResults(q *statement, slice Slice) (from, key string) {
	from, key = `assignment a`, "a.submitted_at"
	if slice == Waiting {
		q.add(`a.submitted_at IS NOT NULL AND a.accepted_at IS NULL`)
	} else {
		key = "a.directive"
		q.add(`a.returns > 0 AND a.accepted_at IS NULL`)
	}
	if s.f.Directive != "" {
		q.add(`a.directive = ` + q.arg(string(s.f.Directive)))
	}
	of := &statement{args: q.args}
	of.add(`c.raiser <> c.lead`)
	of.among(s, "c.lead")
	of.inField(s.f.Field, "c.field")
	q.args = of.args
	if slice == Waiting && s.f.Directive == "" && (!s.whole || s.f.Field != "") {
		// what waits of one unit or field is sought among the cases, and sorted. A CROSS JOIN
		// keeps SQLite to that order
		q.add(`c.kind = 'assignment' AND c.state = 'submitted' AND a.case_id = c.id AND ` + of.all())
		return `casefile c CROSS JOIN assignment a`, key
	}
	state := map[bool]string{true: "submitted", false: "open"}[slice == Waiting]
	// system: a condition on a row whose reader is asked for beside it. OFFSET 0 keeps
	// PostgreSQL at the few rows of the index: each asks for its own case
	q.add(`EXISTS (SELECT 1 FROM casefile c WHERE c.id = a.case_id AND c.state = '` + state + `' AND ` + of.all() + ` LIMIT 1 OFFSET 0)`)
	return from, key
}

// bounded counts a slice for which there is no counter, up to Most.
func (s *scene) bounded(slice Slice) (n int64, err error) {
	if slice == Beside && s.whole {
		return 0, nil
	}
	all, err := s.streams(slice)
	if err != nil {
		return 0, err
	}
	for _, x := range all {
		q := &statement{}
		from, key := s.of(q, slice, x)
		q.add(access.Visible(key[:1]+".case_id", q.arg(s.who.Reader())))
		var some int64
		err := s.tx.One(`SELECT count(*) FROM (SELECT `+key[:1]+`.case_id FROM `+from+` WHERE `+q.all()+` LIMIT `+strconv.Itoa(Most)+`) x`, q.args, &some)
		if err != nil {
			return 0, err
		}
		if n += some; n >= Most {
			return Most, nil
		}
	}
	return n, nil
}

// A place is where an assignment stands in a list.
type place struct {
	key string
	id  casefile.ID
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.key, o.key), cmp.Compare(p.id, o.id))
}

// List returns a page of a slice, what is due first before the rest, and the cursor of the
// next page.
func List(tx *db.Tx, who org.Actor, slice Slice, f Filter, cursor string, limit int) (all []directive.Line, next string, err error) {
	defer fault.Wrap(&err, "list assignments of the tracker")
	if slice.Say() == "" {
		return nil, "", fault.Field("list", "Không có danh sách nào tên là “%.40s”.", string(slice))
	}
	s, err := sceneOf(tx, who, f)
	if err != nil || len(s.units) == 0 {
		return nil, "", err
	}
	if slice == Beside && s.whole { // of every unit nobody asks who helps whom
		return nil, "", fault.Field("unit", "Hãy chọn đơn vị để xem việc phối hợp của đơn vị ấy.")
	}
	var after place
	if cursor != "" {
		if after, err = decode(cursor); err != nil {
			return nil, "", err
		}
	}
	streams, err := s.streams(slice)
	if err != nil {
		return nil, "", err
	}
	var places []place
	for _, x := range streams {
		if places, err = s.read(slice, x, after, limit+1, places); err != nil {
			return nil, "", err
		}
	}
	slices.SortFunc(places, place.compare)
	places = slices.Compact(places) // of one assignment a unit may have two parts
	if len(places) > limit {
		next = encode(places[limit-1])
		places = places[:limit]
	}
	ids := make([]casefile.ID, len(places))
	for i, p := range places {
		ids[i] = p.id
	}
	all, err = directive.LinesOf(tx, who, ids)
	return all, next, err
}

// read adds the next places of one stream.
func (s *scene) read(slice Slice, x stream, after place, limit int, places []place) ([]place, error) {
	q := &statement{}
	from, key := s.of(q, slice, x)
	id := key[:1] + ".case_id" // of the index, so that nothing is sorted
	q.add(access.Visible(id, q.arg(s.who.Reader())))
	if after.id != "" {
		a := q.arg(after.key)
		q.add(`(` + key + `, ` + id + `) > (` + a + `, ` + q.arg(string(after.id)) + `)`)
	}
	err := s.tx.All(`SELECT `+key+`, `+id+` FROM `+from+` WHERE `+q.all()+` ORDER BY `+key+`, `+id+` LIMIT `+q.arg(limit), q.args, func(r *sql.Rows) error {
		var p place
		err := r.Scan(&p.key, &p.id)
		places = append(places, p)
		return err
	})
	return places, err
}

func encode(p place) string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.key + " " + string(p.id)))
}

func decode(cursor string) (p place, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	key, id, ok := strings.Cut(string(b), " ")
	if err != nil || !ok || !db.Storable(key+id) {
		return p, fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
	}
	return place{key, casefile.ID(id)}, nil
}

// dueDay is the last day of an assignment still in time; the zero Date without one.
func dueDay(l *directive.Line) workday.Date {
	if l.DueAt.IsZero() {
		return workday.Date{}
	}
	return workday.Of(l.DueAt.Add(-1))
}
