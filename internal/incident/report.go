package incident

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The longest texts a form takes, in letters; the most communes and files of one act. They
// bound what one row may hold; no regulation states them.
const (
	maxTitle    = 300
	maxText     = 20_000
	mostPlaces  = 200
	mostFigures = 40
)

// A Report is the ad-hoc report of a commune (báo cáo đột xuất).
type Report struct {
	Unit       org.UnitID // the commune; the actor's own when empty
	Type       string     // one of Types
	Title      string
	Text       string
	Field      string    // only where the kind names none: whose department leads
	OccurredAt time.Time // when it happened
	Communes   []org.UnitID
	Parent     casefile.ID // the incident it becomes a part of
	Figures    map[string]string
	Files      []casefile.Document
	Number     string // of the written report; the only thing, with its day, that a sealed kind takes
	IssuedOn   string // "2006-01-02"
	Spot       bool   // sent from the spot (the phone page): nobody up the path is at hand
}

// words are the texts of a report, under its event.
type words struct {
	Text string `json:"text"`
}

// A Kind is a kind of incident as the rulebook in force has it for a commune.
type Kind struct {
	Type   string
	Sealed bool
	Joint  bool
	Field  string     // whose department leads; "" where the report names it
	Lead   org.UnitID // who leads where no field does; "" where a field decides
	rule   regulation.Applied
}

// KindsFor returns the kinds of incident that a commune reports, in the order of Types.
func KindsFor(tx *db.Tx, commune org.UnitID) (all []Kind, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	return kindsOf(tx, rb, commune)
}

func kindsOf(tx *db.Tx, rb *regulation.Rulebook, commune org.UnitID) (all []Kind, err error) {
	rules, err := rb.Rules(RuleKind, tx.Now, commune, "")
	if err != nil {
		return nil, quiet(err)
	}
	for _, r := range rules {
		k := Kind{Type: r.Text("kind"), Sealed: r.Bool("sealed"), Joint: r.Bool("joint"), Field: r.Text("field"), rule: r}
		if r.Has("lead") {
			k.Lead = r.Role("lead").Unit
		}
		if !slices.ContainsFunc(all, func(o Kind) bool { return o.Type == k.Type }) { // the nearest rule of a kind
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b Kind) int { return slices.Index(Types, a.Type) - slices.Index(Types, b.Type) })
	return all, nil
}

// Raises returns the communes in whose name the actor may report.
func Raises(tx *db.Tx, who org.Actor) (units []org.UnitID, err error) {
	for _, p := range who.Posts {
		u, err := org.UnitOf(tx, p.Unit)
		if err != nil {
			return nil, err
		}
		if u.Commune() && slices.Contains(hands, p.Role) && !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
	}
	return units, nil
}

// ReportNow opens the case of an incident. The department of its field leads, the communes
// it touches and the one who reports stand on one case where the kind is joint. Where the
// commune's path has steps that are not the actor's, the report is drafted (DraftReport);
// only what comes from the spot goes first and is confirmed by a leader afterwards.
func ReportNow(tx *db.Tx, who org.Actor, in Report) (x *Incident, err error) {
	defer fault.Wrap(&err, "report incident")
	if who, err = in.reporter(tx, who); err != nil {
		return nil, err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	kind, err := in.check(tx, rb)
	if err != nil {
		return nil, err
	}
	lead, err := in.lead(tx, rb, kind)
	if err != nil {
		return nil, err
	}
	who, confirm, err := in.atOnce(tx, who, rb, kind)
	if err != nil {
		return nil, err
	}
	parent, err := in.under(tx, who)
	if err != nil {
		return nil, err
	}
	c, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Open, Scope: Scope, Rulebook: rb.Hash(),
		Field: in.Field, Raiser: in.Unit, Lead: lead})
	if err != nil {
		return nil, err
	}
	x = &Incident{Case: c, Type: in.Type, Secret: kind.Sealed, Joint: kind.Joint, Parent: in.Parent, OccurredAt: in.OccurredAt, Number: in.Number, IssuedOn: in.IssuedOn}
	if err := x.insert(tx); err != nil {
		return nil, err
	}
	if err := x.begin(tx, who, in); err != nil {
		return nil, err
	}
	if confirm {
		if err := x.askConfirm(tx); err != nil {
			return nil, err
		}
	}
	if parent != nil {
		err = parent.link(tx, who, x.Case)
	}
	return x, err
}

// reporter is the actor in the post in which he reports for the commune.
func (in *Report) reporter(tx *db.Tx, who org.Actor) (org.Actor, error) {
	units, err := Raises(tx, who)
	if err != nil {
		return who, err
	}
	if in.Unit == "" && len(units) > 0 {
		in.Unit = units[0]
		if slices.Contains(units, who.Post.Unit) {
			in.Unit = who.Post.Unit
		}
	}
	if !slices.Contains(units, in.Unit) {
		return who, fault.Refuse(fault.Denied, "Báo cáo đột xuất do Ủy ban nhân dân xã, phường gửi; anh/chị không giữ chức danh nào ở xã, phường này.")
	}
	return access.Pick(who, actReport, access.Facts{Units: map[access.Function][]org.UnitID{access.Raiser: {in.Unit}}})
}

// check tidies the report and refuses what its kind must not hold, naming the field.
func (in *Report) check(tx *db.Tx, rb *regulation.Rulebook) (k Kind, err error) {
	all, err := kindsOf(tx, rb, in.Unit)
	if err != nil {
		return k, err
	}
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Type == in.Type })
	if i < 0 {
		return k, fault.Field("type", "Hãy chọn loại sự cố mà quy chế nêu.")
	}
	k = all[i]
	tx.Trace("rule", RuleKind, k.rule.Trace())
	in.Title, in.Text, in.Number = tidy(in.Title), strings.TrimSpace(vntext.NFC(in.Text)), strings.ToUpper(tidy(in.Number))
	if in.IssuedOn != "" {
		d, err := workday.ParseDate(in.IssuedOn)
		if err != nil || d.After(workday.Of(tx.Now)) {
			return k, fault.Field("issued_on", "Ngày của văn bản không đúng, hoặc sau hôm nay.")
		}
	}
	if k.Sealed {
		return k, in.sealed()
	}
	return k, in.plain(tx, rb, k)
}

func tidy(s string) string { return strings.Join(strings.Fields(vntext.NFC(s)), " ") }

var numberForm = regexp.MustCompile(sealedNumber)

// sealed holds a report of a sealed kind to the number and the day of its paper.
func (in *Report) sealed() error {
	switch {
	case in.Text != "" || in.Title != "" || len(in.Files) > 0 || len(in.Figures) > 0 || len(in.Communes) > 0 || in.Parent != "":
		return fault.Field("text", "Loại sự cố này chỉ báo cáo bằng văn bản theo đường mật: ở đây chỉ ghi số, ngày của văn bản ấy; không ghi nội dung, địa điểm, số liệu, không kèm tệp.")
	case !numberForm.MatchString(in.Number) || in.Number == "":
		return fault.Field("number", "Hãy ghi số, ký hiệu của văn bản đã gửi theo đường mật, chỉ gồm số và ký hiệu, như 12/BC-UBND.")
	case in.IssuedOn == "":
		return fault.Field("issued_on", "Hãy ghi ngày của văn bản đã gửi theo đường mật.")
	}
	in.Title, in.OccurredAt = SealedSay+" ("+strings.ToLower(TypeSay[in.Type])+")", time.Time{}
	return nil
}

// plain checks a report of any other kind.
func (in *Report) plain(tx *db.Tx, rb *regulation.Rulebook, k Kind) error {
	if err := in.texts(); err != nil {
		return err
	}
	if rule, err := rb.Apply(tx, MustReport, in.Unit, ""); err != nil && quiet(err) != nil {
		return err
	} else if err == nil && in.OccurredAt.IsZero() && rule.Bool("when") {
		return fault.Field("occurred_at", "Hãy ghi sự cố xảy ra lúc nào.")
	}
	if in.OccurredAt.After(tx.Now) {
		return fault.Field("occurred_at", "Lúc xảy ra không thể sau lúc báo cáo.")
	}
	if in.Number != "" && in.IssuedOn == "" {
		return fault.Field("issued_on", "Hãy ghi ngày của văn bản báo cáo.")
	}
	in.Communes = append([]org.UnitID{in.Unit}, in.Communes...)
	slices.Sort(in.Communes)
	in.Communes = slices.Compact(in.Communes)
	if len(in.Communes) > 1 && !k.Joint {
		return fault.Field("communes", "Quy chế không nêu hồ sơ chung của nhiều xã, phường cho loại sự cố này.")
	}
	if err := communes(tx, in.Communes); err != nil {
		return err
	}
	if k.Field != "" {
		in.Field = k.Field
	}
	return nil
}

func (in *Report) texts() error {
	switch {
	case in.Title == "":
		return fault.Field("title", "Hãy ghi một câu nói rõ việc gì, ở đâu.")
	case len([]rune(in.Title)) > maxTitle:
		return fault.Field("title", "Câu tóm tắt dài quá %d chữ.", maxTitle)
	case vntext.IsBlank(in.Text):
		return fault.Field("text", "Hãy ghi diễn biến và việc đã làm.")
	}
	if err := checkText("title", in.Title); err != nil {
		return err
	}
	return checkText("text", in.Text)
}

// checkText refuses a text that is too long or that bears a mark of state secrecy.
func checkText(field, text string) error {
	if len([]rune(text)) > maxText {
		return fault.Field(field, "Nội dung dài quá %d chữ; hãy đưa phần dài vào tệp kèm theo.", maxText)
	}
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu độ mật “%s”. Tài liệu bí mật nhà nước không được đưa lên hệ thống này; hãy gửi theo đường văn bản mật.", mark)
	}
	return nil
}

// communes refuses what is not a standing commune or ward.
func communes(tx *db.Tx, ids []org.UnitID) error {
	if len(ids) > mostPlaces {
		return fault.Field("communes", "Mỗi hồ sơ nhận tối đa %d xã, phường.", mostPlaces)
	}
	for _, id := range ids {
		u, err := org.UnitOf(tx, id)
		if fault.Kind(err) == fault.NotFound || err == nil && (!u.Commune() || !u.Stands(workday.Of(tx.Now))) {
			return fault.Field("communes", "Không có xã, phường nào mang mã “%.40s”.", string(id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lead finds who leads: whom the kind names, else the department of the field.
func (in *Report) lead(tx *db.Tx, rb *regulation.Rulebook, k Kind) (org.UnitID, error) {
	if k.Field == "" && k.Lead != "" {
		return k.Lead, nil
	}
	if in.Field == "" {
		return "", fault.Field("field", "Hãy chọn lĩnh vực để biết sở, ngành nào chủ trì.")
	}
	route, err := rb.ApplyRoute(tx, in.Field)
	return route.Unit, err
}

// under holds the incident that this one becomes a part of.
func (in *Report) under(tx *db.Tx, who org.Actor) (*Incident, error) {
	if in.Parent == "" {
		return nil, nil
	}
	p, _, err := lockFor(tx, who, in.Parent, 0, actLink)
	if err == nil {
		err = p.plain()
	}
	if fault.Kind(err) == fault.NotFound {
		err = fault.Field("parent", "Không có sự cố mẹ này trong hồ sơ anh/chị được xem.")
	}
	return p, err
}

// insert writes the row of a new incident and puts the commune that reports on its case.
func (x *Incident) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO incident (case_id, type, secret, joint, parent, occurred_at, number, issued_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(x.ID), x.Type, x.Secret, x.Joint, string(x.Parent), x.OccurredAt, x.Number, x.IssuedOn)
	if err != nil {
		return err
	}
	return casefile.Join(tx, x.ID, casefile.Party{Unit: x.Raiser, Function: access.Raiser})
}

// begin makes the report known: the other parties, its words and figures, what is owed.
func (x *Incident) begin(tx *db.Tx, who org.Actor, in Report) (err error) {
	parties := []casefile.Party{{Unit: x.Lead, Function: access.Lead}}
	for _, u := range in.Communes {
		if u != x.Raiser {
			parties = append(parties, casefile.Party{Unit: u, Function: access.Coordinating})
		}
	}
	if err := casefile.Join(tx, x.ID, parties...); err != nil {
		return err
	}
	e := casefile.Event{Kind: "incident.reported", By: who, Facts: casefile.Pairs("type", x.Type, "lead", string(x.Lead), "communes", join(in.Communes),
		"number", x.Number, "issued_on", x.IssuedOn, "parent", string(x.Parent), "occurred_at", instant(x.OccurredAt), "spot", spotSay(in.Spot))}
	if !x.Secret {
		e.Text, err = packed(words{in.Text})
		if err != nil {
			return err
		}
	}
	if x.ReportedN, err = casefile.Record(tx, x.Case, e, "PT06/D6.K1-2"); err != nil {
		return err
	}
	if err := x.save(tx); err != nil {
		return err
	}
	if err := x.beginSaid(tx, who, in); err != nil {
		return err
	}
	return x.beginOwed(tx, in.Communes)
}

// beginSaid keeps what the report says of the reporting commune, as its first situation.
func (x *Incident) beginSaid(tx *db.Tx, who org.Actor, in Report) error {
	if x.Secret {
		return nil
	}
	if err := x.addPlaces(tx, in.Communes); err != nil {
		return err
	}
	if err := attach(tx, who, x.ID, x.ReportedN, in.Files); err != nil {
		return err
	}
	return x.said(tx, who, x.ReportedN, x.Raiser, x.OccurredAt, in.Figures)
}

// beginOwed arms what the lead and the other communes owe from now on.
func (x *Incident) beginOwed(tx *db.Tx, places []org.UnitID) error {
	if _, err := x.arm(tx, MustLead, x.Lead, x.ReportedN, x.Raiser, nil, ""); err != nil {
		return err
	}
	if err := notice.Tell(tx, notice.Note{Unit: x.Lead, Case: x.ID, Kind: "incident.reported"}); err != nil {
		return err
	}
	for _, u := range places {
		if u != x.Raiser {
			if err := x.askSituation(tx, u, x.ReportedN, nil); err != nil {
				return err
			}
		}
	}
	watch, err := x.watchers(tx)
	for _, u := range watch {
		if err == nil && u != x.Lead {
			err = notice.Tell(tx, notice.Note{Unit: u, Case: x.ID, Kind: "incident.reported"})
		}
	}
	return err
}

// askSituation makes a commune owe a report of how it stands, from which on it is told.
func (x *Incident) askSituation(tx *db.Tx, u org.UnitID, n int64, limits []duty.Limit) error {
	if _, err := x.arm(tx, MustSay, u, n, x.Lead, limits, ""); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: u, Case: x.ID, Kind: "incident.joined"})
}

// arm puts a duty on the incident; a unit that is only asked owes a request.
func (x *Incident) arm(tx *db.Tx, rule string, owner org.UnitID, n int64, to org.UnitID, limits []duty.Limit, officer org.OfficerID) (*duty.Duty, error) {
	u, err := org.UnitOf(tx, owner)
	if err != nil {
		return nil, err
	}
	return duty.Arm(tx, duty.New{Key: duty.Key{Case: x.ID, Rule: rule, Owner: owner, Round: n}, Counterpart: to, Field: x.Field,
		Officer: officer, Request: u.Requested, Limits: limits})
}

// addPlaces puts communes on the map of the incident.
func (x *Incident) addPlaces(tx *db.Tx, places []org.UnitID) error {
	for _, u := range places {
		if _, err := tx.Exec(`INSERT INTO incident_place (case_id, commune, since_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, string(x.ID), string(u), tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// packed is a text with its fields, as one event keeps it.
func packed(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func join(units []org.UnitID) string {
	s := make([]string, len(units))
	for i, u := range units {
		s[i] = string(u)
	}
	return strings.Join(s, " ")
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return db.FormatInstant(t)
}
