package campaign

import (
	"database/sql"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A CommuneLine is how far one commune has come in a campaign.
type CommuneLine struct {
	Unit      org.UnitID
	Items     int64 // all but those it refused
	Waiting   int64 // for its confirmation
	Grouped   int64
	Told      int64 // answered, its word is open
	Settled   int64
	Unsettled int64
}

// A UnitLine is how far one department has come.
type UnitLine struct {
	Unit      org.UnitID
	Themes    int64
	Items     int64
	Explained *duty.Duty // the explanation asked of it last; nil when none was
	Answered  int64      // groups
	Open      int64      // groups that are answered and stay open
}

// Progress counts a campaign by commune and by department, over what the reader may see:
// a commune that has entered nothing stands in it with zeros, for who runs the campaign.
func Progress(tx *db.Tx, who org.Actor, id casefile.ID) (communes []CommuneLine, units []UnitLine, err error) {
	defer fault.Wrap(&err, "progress of campaign %s", id)
	c, err := Get(tx, who, id)
	if err != nil {
		return nil, nil, err
	}
	if communes, err = c.byCommune(tx, who); err != nil {
		return nil, nil, err
	}
	units, err = c.byUnit(tx, who)
	return communes, units, err
}

func (c *Campaign) byCommune(tx *db.Tx, who org.Actor) (all []CommuneLine, err error) {
	args := []any{string(c.ID)}
	and := "TRUE"
	if who.System == "" {
		and = access.Visible("c.id", "$2")
		args = append(args, who.Reader())
	}
	byUnit := map[org.UnitID]CommuneLine{}
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`
		SELECT i.commune, count(CASE WHEN c.state <> 'refused' THEN 1 END), count(CASE WHEN c.state = 'entered' THEN 1 END), count(CASE WHEN i.theme > 0 THEN 1 END),
			count(CASE WHEN c.state = 'told' THEN 1 END), count(CASE WHEN c.state = 'settled' THEN 1 END), count(CASE WHEN c.state = 'unsettled' THEN 1 END)
		FROM campaign_item i JOIN casefile c ON c.id = i.case_id
		WHERE i.campaign = $1 AND `+and+` GROUP BY i.commune ORDER BY i.commune`, args, func(r *sql.Rows) error {
		var l CommuneLine
		err := r.Scan(&l.Unit, &l.Items, &l.Waiting, &l.Grouped, &l.Told, &l.Settled, &l.Unsettled)
		all = append(all, l)
		byUnit[l.Unit] = l
		return err
	})
	if err != nil || !c.runs(who) {
		return all, err
	}
	asked, err := c.communes(tx)
	all = nil
	for _, u := range asked {
		l := byUnit[u]
		l.Unit = u
		all = append(all, l)
	}
	return all, err
}

func (c *Campaign) byUnit(tx *db.Tx, who org.Actor) (all []UnitLine, err error) {
	themes, err := Themes(tx, who, c.ID)
	if err != nil {
		return nil, err
	}
	duties, err := duty.OfCase(tx, c.ID)
	if err != nil {
		return nil, err
	}
	at := map[org.UnitID]int{}
	for _, t := range themes {
		n, ok := at[t.Lead]
		if !ok {
			n = len(all)
			at[t.Lead] = n
			all = append(all, UnitLine{Unit: t.Lead})
			for _, d := range duties {
				if d.Rule == MustExplain && d.Owner == t.Lead && (c.runs(who) || who.In(t.Lead)) {
					all[n].Explained = d
				}
			}
		}
		l := &all[n]
		l.Themes++
		l.Items += t.Items
		if len(t.Answers) > 0 {
			l.Answered++
			if t.Open() {
				l.Open++
			}
		}
	}
	return all, nil
}

// A Row is one line of the appendix.
type Row struct {
	N       int
	Theme   string
	Text    string
	Commune string // its name
	Lead    string
	Answer  string
	Number  string
	NextOn  workday.Date
	State   string
}

// Appendix returns the table that goes with the campaign's papers, group by group in the
// order of the agenda, over what the reader may see; items that do not count are left out.
func Appendix(tx *db.Tx, who org.Actor, id casefile.ID) (c *Campaign, rows []Row, err error) {
	defer fault.Wrap(&err, "appendix of campaign %s", id)
	if c, err = Get(tx, who, id); err != nil {
		return nil, nil, err
	}
	themes, err := Themes(tx, who, id)
	if err != nil {
		return nil, nil, err
	}
	byTheme := map[int64][]Item{}
	for cursor := ""; ; {
		some, next, err := Items(tx, who, id, Filter{}, cursor, 1000)
		if err != nil {
			return nil, nil, err
		}
		for _, i := range some {
			if i.State != Refused && i.State != Entered {
				byTheme[i.Theme] = append(byTheme[i.Theme], i)
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	for _, t := range append(themes, &Theme{Title: "Chưa xếp nhóm"}) {
		for _, i := range byTheme[t.N] {
			row, err := rowOf(tx, t, i)
			if err != nil {
				return nil, nil, err
			}
			row.N = len(rows) + 1
			rows = append(rows, row)
		}
	}
	return c, rows, nil
}

// rowOf is one line: what reached the commune is as much its reader's as the item.
func rowOf(tx *db.Tx, t *Theme, i Item) (r Row, err error) {
	names, err := org.UnitNames(tx, i.Commune, t.Lead)
	if err != nil {
		return r, err
	}
	r = Row{Theme: t.Title, Text: i.Text, Commune: names[i.Commune], Lead: names[t.Lead], State: ItemStates[i.State]}
	if !strings.HasPrefix(i.Text, strings.TrimSuffix(i.Title, ".")) { // most texts begin with their title
		r.Text = i.Title + "\n" + i.Text
	}
	if a, ok := t.Holds(); ok {
		r.Answer, r.Number = a.Text, a.Number
		if d, err := workday.ParseDate(a.NextOn); err == nil {
			r.NextOn = d
		}
		if a.Text == "" {
			r.Answer, err = reachedText(tx, i.ID)
		}
	}
	return r, err
}

// reachedText is the answer that reached an item last.
func reachedText(tx *db.Tx, id casefile.ID) (string, error) {
	var text casefile.StoredText
	// system: asked for items that the reader may see, whose parties all read it
	err := tx.One(`SELECT e.text FROM event e WHERE e.case_id = $1 AND e.kind = 'campaign.answer_reached' ORDER BY e.n DESC LIMIT 1`, []any{string(id)}, &text)
	if fault.Kind(err) == fault.NotFound {
		return "", nil
	}
	return string(text), err
}
