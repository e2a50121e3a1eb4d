package incident

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// A Figure is something that situation reports count.
type Figure struct {
	ID    string
	Say   string // "Người bị thương"
	Unit  string // "người"
	Whole bool   // no halves of it
	Types []string
}

//go:embed figures.csv
var figuresCSV []byte

// Figures returns what situation reports count, in the order of forms.
var Figures = sync.OnceValue(func() (all []Figure) {
	rows, err := csv.NewReader(bytes.NewReader(figuresCSV)).ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	for _, r := range rows[1:] {
		all = append(all, Figure{ID: r[0], Say: r[1], Unit: r[2], Whole: r[3] == "yes", Types: strings.Fields(r[4])})
	}
	return all
})

// FiguresOf returns what reports of a kind of incident count.
func FiguresOf(typ string) (all []Figure) {
	for _, f := range Figures() {
		if slices.Contains(f.Types, typ) {
			all = append(all, f)
		}
	}
	return all
}

// mostAmount bounds a figure, in its own unit: what is larger is a slip of the hand.
const mostAmount = 1e9

// parse reads a figure as people write it ("1.250", "12,5") in hundredths of its unit.
func (f Figure) parse(s string) (int64, error) {
	refused := fault.Field("f_"+f.ID, "“%s”: hãy ghi một số không âm, tính bằng %s; số lẻ viết sau dấu phẩy.", f.Say, f.Unit)
	plain := strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), ".", ""), ",", ".")
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || v < 0 || v > mostAmount || math.IsNaN(v) || strings.ContainsAny(plain, "eExXpP_+") {
		return 0, refused
	}
	n := int64(math.Round(v * 100))
	if f.Whole && n%100 != 0 {
		return 0, fault.Field("f_"+f.ID, "“%s”: %s là số nguyên.", f.Say, f.Unit)
	}
	return n, nil
}

// Amount writes hundredths of a unit as people read them: "1.250", "12,5".
func Amount(hundredths int64) string {
	whole := strconv.FormatInt(hundredths/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if rest := hundredths % 100; rest != 0 {
		whole += strings.TrimSuffix(fmt.Sprintf(",%02d", rest), "0")
	}
	return whole
}

// A Situation is how an incident stands in a commune, as somebody there says (báo cáo tình hình).
type Situation struct {
	Unit    org.UnitID // who reports; the actor's own when empty
	Commune org.UnitID // where; the reporting commune when empty
	Text    string
	SeenAt  time.Time         // as of when it is so; zero: now
	Figures map[string]string // by the figure's id, as typed; empty ones are left out
	Files   []casefile.Document
	Version int64
}

// Say keeps a situation report with its figures and photographs; what its commune owed a
// report on is met by it. An incident that is over takes only what was so before its end: a
// phone without a line sends late.
func Say(tx *db.Tx, who org.Actor, id casefile.ID, in Situation) (x *Incident, err error) {
	defer fault.Wrap(&err, "situation of incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actSay); err != nil {
		return nil, err
	}
	if err := x.plain(); err != nil {
		return nil, err
	}
	if err := in.check(tx, x, who); err != nil {
		return nil, err
	}
	text, err := packed(words{in.Text})
	if err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.situation", By: who, OccurredAt: in.SeenAt, Text: text,
		Facts: casefile.Pairs("commune", string(in.Commune))})
	if err != nil {
		return nil, err
	}
	if err := attach(tx, who, x.ID, n, in.Files); err != nil {
		return nil, err
	}
	if err := x.said(tx, who, n, in.Commune, in.SeenAt, in.Figures); err != nil {
		return nil, err
	}
	if err := x.heard(tx, in.Commune); err != nil || who.Post.Unit == x.Lead {
		return x, err
	}
	return x, notice.Tell(tx, notice.Note{Unit: x.Lead, Case: x.ID, Kind: "incident.situation"})
}

func (in *Situation) check(tx *db.Tx, x *Incident, who org.Actor) error {
	in.Text = strings.TrimSpace(vntext.NFC(in.Text))
	if in.SeenAt.IsZero() {
		in.SeenAt = tx.Now
	}
	if in.SeenAt.After(tx.Now) {
		return fault.Field("seen_at", "Lúc ghi nhận không thể sau bây giờ.")
	}
	if x.State == Ended && !in.SeenAt.Before(x.EndedAt) {
		return x.running()
	}
	for id, v := range in.Figures {
		if strings.TrimSpace(v) == "" {
			delete(in.Figures, id)
		}
	}
	if in.Text == "" && len(in.Figures) == 0 && len(in.Files) == 0 {
		return fault.Field("text", "Hãy ghi tình hình, một số liệu hoặc chọn ảnh.")
	}
	if err := checkText("text", in.Text); err != nil {
		return err
	}
	places, err := Places(tx, x)
	if err != nil {
		return err
	}
	if in.Commune == "" {
		in.Commune = who.Post.Unit
	}
	if !slices.Contains(places, in.Commune) {
		return fault.Field("commune", "Hãy chọn xã, phường nào trong hồ sơ của sự cố.")
	}
	u, err := org.UnitOf(tx, who.Post.Unit)
	if err == nil && u.Commune() && in.Commune != who.Post.Unit {
		err = fault.Field("commune", "Xã, phường chỉ báo tình hình trên địa bàn mình.")
	}
	return err
}

// said keeps the row of a situation report with its figures.
func (x *Incident) said(tx *db.Tx, who org.Actor, n int64, commune org.UnitID, at time.Time, figures map[string]string) error {
	if at.IsZero() {
		at = tx.Now
	}
	_, err := tx.Exec(`INSERT INTO incident_situation (case_id, n, unit, commune, seen_at, officer) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(x.ID), n, string(who.Post.Unit), string(commune), at, string(who.Officer))
	if err != nil || len(figures) == 0 {
		return err
	}
	if len(figures) > mostFigures {
		return fault.Field("text", "Báo cáo có quá nhiều số liệu.")
	}
	known := FiguresOf(x.Type)
	for id, v := range figures {
		i := slices.IndexFunc(known, func(f Figure) bool { return f.ID == id })
		if i < 0 {
			return fault.Field("text", "Loại sự cố này không có số liệu “%.40s”.", id)
		}
		amount, err := known[i].parse(v)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO incident_figure (case_id, n, what, hundredths) VALUES ($1, $2, $3, $4)`, string(x.ID), n, id, amount); err != nil {
			return err
		}
	}
	return nil
}

// heard meets what a commune owed a report on.
func (x *Incident) heard(tx *db.Tx, commune org.UnitID) error {
	all, err := duty.OfCase(tx, x.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Rule == MustSay && d.Owner == commune && d.EndedAt.IsZero() {
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// A Demand asks a commune how it stands, by an hour.
type Demand struct {
	Commune org.UnitID
	Due     string // "2006-01-02" or "2006-01-02T15:04"; "" states no time
	Version int64
}

// DemandSituation makes a commune of the incident owe a new report of its situation.
func DemandSituation(tx *db.Tx, who org.Actor, id casefile.ID, in Demand) (x *Incident, err error) {
	defer fault.Wrap(&err, "demand situation of incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actUrge); err != nil {
		return nil, err
	}
	if err := x.running(); err != nil {
		return nil, err
	}
	places, err := Places(tx, x)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(places, in.Commune) {
		return nil, fault.Field("commune", "Hãy chọn xã, phường nào trong hồ sơ của sự cố.")
	}
	limits, err := limitOf(tx, who, in.Due)
	if err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.demanded", By: who, Facts: casefile.Pairs("commune", string(in.Commune), "due", in.Due)})
	if err != nil {
		return nil, err
	}
	if _, err = x.arm(tx, MustSay, in.Commune, n, who.Post.Unit, limits, ""); err != nil {
		return nil, err
	}
	return x, notice.Tell(tx, notice.Note{Unit: in.Commune, Case: x.ID, Kind: "incident.demanded"})
}

// limitOf is the date or hour that a person set; none is "không nêu hạn".
func limitOf(tx *db.Tx, who org.Actor, due string) ([]duty.Limit, error) {
	if due = strings.TrimSpace(due); due == "" {
		return nil, nil
	}
	l, err := workday.ParseLimit(due)
	if err != nil || l.Unit != workday.Instant || !l.At.After(tx.Now) {
		return nil, fault.Field("due", "Hạn phải là một ngày hoặc giờ sau lúc này.")
	}
	return []duty.Limit{{Basis: "hạn do " + who.Post.Title + " đặt, ngày " + workday.Of(tx.Now).Long(), Text: due, SetBy: who.Officer}}, nil
}

// A Widening brings units into a case: communes that it touches as well, departments and
// bodies that join.
type Widening struct {
	Communes []org.UnitID
	Units    []org.UnitID
	Version  int64
}

// Widen adds communes to the incident, on its map, and departments that coordinate.
// Vertical bodies are asked, never bound.
func Widen(tx *db.Tx, who org.Actor, id casefile.ID, in Widening) (x *Incident, err error) {
	defer fault.Wrap(&err, "widen incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actWiden); err != nil {
		return nil, err
	}
	if err := x.plain(); err != nil {
		return nil, err
	}
	if err := x.running(); err != nil {
		return nil, err
	}
	if len(in.Communes) > 0 && !x.Joint {
		return nil, fault.Field("communes", "Quy chế không nêu hồ sơ chung của nhiều xã, phường cho loại sự cố này.")
	}
	if err := communes(tx, in.Communes); err != nil {
		return nil, err
	}
	there, err := casefile.Parties(tx, x.ID)
	if err != nil {
		return nil, err
	}
	fresh := func(all []org.UnitID) []org.UnitID {
		return slices.DeleteFunc(all, func(u org.UnitID) bool {
			return u == "" || slices.ContainsFunc(there, func(p casefile.Party) bool { return p.Unit == u })
		})
	}
	in.Communes, in.Units = fresh(in.Communes), fresh(in.Units)
	if len(in.Communes)+len(in.Units) == 0 {
		return nil, fault.Field("communes", "Hãy chọn ít nhất một đơn vị chưa có trong hồ sơ.")
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.widened", By: who, Facts: casefile.Pairs("communes", join(in.Communes), "units", join(in.Units))})
	if err != nil {
		return nil, err
	}
	return x, x.take(tx, n, in)
}

func (x *Incident) take(tx *db.Tx, n int64, in Widening) error {
	if err := x.addPlaces(tx, in.Communes); err != nil {
		return err
	}
	for _, u := range in.Communes {
		if err := casefile.Join(tx, x.ID, casefile.Party{Unit: u, Function: access.Coordinating}); err != nil {
			return err
		}
		if err := x.askSituation(tx, u, n, nil); err != nil {
			return err
		}
	}
	for _, u := range in.Units {
		if err := x.joins(tx, u); err != nil {
			return err
		}
	}
	return nil
}

// joins makes an agency a party: one that a regulation only lets us ask, a requested one.
func (x *Incident) joins(tx *db.Tx, id org.UnitID) error {
	u, err := org.UnitOf(tx, id)
	if err != nil || !u.Agency() || !u.Stands(workday.Of(tx.Now)) {
		return fault.Field("units", "Không có cơ quan nào mang mã “%.40s”.", string(id))
	}
	f := access.Coordinating
	if u.Requested {
		f = access.Requested
	}
	if err := casefile.Join(tx, x.ID, casefile.Party{Unit: id, Function: f}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: id, Case: x.ID, Kind: "incident.joined"})
}

// Places returns the communes on the incident's map. The caller holds the case.
func Places(tx *db.Tx, x *Incident) (all []org.UnitID, err error) {
	// system: the caller holds the case through Get or Lock
	err = tx.All(`SELECT commune FROM incident_place WHERE case_id = $1 ORDER BY commune`, []any{string(x.ID)}, scanUnits(&all))
	return all, err
}
