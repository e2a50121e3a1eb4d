package exchange

import (
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// An Incoming is a document as a packet or a line of a list tells it.
type Incoming struct {
	From      edxml.Organ // a claim; who it is, its code tells
	To        []edxml.Organ
	Symbol    string
	IssuedOn  workday.Date
	OuterID   string
	Subject   string
	Content   string
	Signer    string
	Title     string // of the signer
	Capacity  org.Capacity
	Answers   []edxml.Reference // documents of ours it names
	ArrivedAt time.Time         // zero: now
	Way       string
	Signed    bool                // a digital signature came with it; nobody here checks it
	Files     []casefile.Document // looked at and kept already
	Secret    bool                // it or a file bears a mark of secrecy: nothing of it is kept
	Remark    string              // what was left out, for the document's own history
}

// Of is what a packet tells, without its files.
func Of(p *edxml.Packet) Incoming {
	return Incoming{From: p.From, To: p.To, Symbol: p.Symbol(), IssuedOn: p.IssuedOn, OuterID: p.DocumentID, Subject: p.Subject, Content: p.Content,
		Signer: p.Signer, Title: p.Position, Capacity: capacityOf(p.Competence), Answers: p.Answers, ArrivedAt: p.ArrivedAt(), Way: ByPacket, Signed: p.Signed}
}

// capacityOf reads the capacity from the words above a signature.
func capacityOf(words string) org.Capacity {
	for _, c := range []org.Capacity{org.ForAll, org.ForHead, org.ByOrder, org.Delegated, org.Acting} {
		if strings.HasPrefix(strings.ToUpper(words), string(c)) {
			return c
		}
	}
	return org.Own
}

// check refuses a line that names no document.
func (in *Incoming) check(tx *db.Tx) error {
	in.Symbol = strings.Join(strings.Fields(vntext.NFC(in.Symbol)), "")
	in.Subject, in.Content = vntext.NFC(strings.TrimSpace(in.Subject)), vntext.NFC(strings.TrimSpace(in.Content))
	if in.Content == "" {
		in.Content = in.Subject
	}
	if in.ArrivedAt.IsZero() || in.ArrivedAt.After(tx.Now) {
		in.ArrivedAt = tx.Now
	}
	if day := in.IssuedOn.Midnight(); in.ArrivedAt.Before(day) { // no document arrives before its day
		in.ArrivedAt = day
	}
	switch {
	case in.IssuedOn.IsZero():
		return fault.Field("issued_on", "Không ghi ngày của văn bản.")
	case in.IssuedOn.After(workday.Of(tx.Now)):
		return fault.Field("issued_on", "Ngày văn bản %s sau hôm nay.", in.IssuedOn.Long())
	case !strings.ContainsAny(in.Symbol, "0123456789") || len([]rune(in.Symbol)) > 60:
		return fault.Field("symbol", "Số, ký hiệu %.60q không đúng dạng.", in.Symbol)
	case in.From.ID == "" && vntext.IsBlank(in.From.Name):
		return fault.Field("issuer", "Không ghi cơ quan ban hành.")
	}
	for _, text := range []string{in.Subject, in.Content} {
		if _, found := vntext.SecretMark(text); found {
			in.Secret = true
		}
	}
	return nil
}

// A Fielder proposes the field of work of a commune's text among those that a unit
// answers; "" where it cannot tell.
type Fielder func(tx *db.Tx, to org.UnitID, text string) (field string, err error)

// Take takes one document in, in one transaction, and says whether it is new. The same
// document again, by whichever way, gives the row that is there. A refusal of Invalid or
// Conflict by the operation that it would cause is given back: Wait then takes the
// document without it.
func Take(tx *db.Tx, in Incoming, field Fielder) (d Document, fresh bool, err error) {
	defer fault.Wrap(&err, "take document")
	return take(tx, in, field, "")
}

// Wait takes a document in that only a person can place, for the given key of Reasons.
func Wait(tx *db.Tx, in Incoming, reason string) (d Document, fresh bool, err error) {
	defer fault.Wrap(&err, "take document to wait")
	return take(tx, in, nil, reason)
}

// Takes a document in. The same identity twice is the first one again: senders repeat what they got no
// word for.
func take(tx *db.Tx, in Incoming, field Fielder, reason string) (d Document, fresh bool, err error) {
	if err := in.check(tx); err != nil {
		return d, false, err
	}
	if d, err = in.document(tx); err != nil {
		return d, false, err
	}
	was, found, err := byIdentity(tx, d.identity())
	if err != nil {
		return d, false, err
	}
	if found {
		same, err := in.cameBefore(tx, &was)
		if err != nil {
			return d, false, err
		}
		if same != nil {
			return *same, false, orMore(tx, same, &in, d.Refs)
		}
		d.Repeats, reason = was.ID, "changed"
	}
	if in.Secret {
		d.bare()
	}
	won, err := d.insert(tx)
	if err != nil || !won {
		return d, false, err
	}
	if err := d.step(tx, org.System("exchange"), "taken", in.Remark); err != nil || in.Secret {
		return d, true, err
	}
	return d, true, d.settle(tx, in.Files, field, reason)
}

// settle places a document that is in its row already, or lets it wait for the given key of
// Reasons or for what placing it says.
func (d *Document) settle(tx *db.Tx, files []casefile.Document, field Fielder, reason string) (err error) {
	if reason == "" {
		if reason, err = d.place(tx, files, field); err != nil {
			return err
		}
	}
	if d.State == Waiting {
		d.WaitsFor = reason
		err = d.keepFiles(tx, files)
	}
	if err == nil {
		err = d.save(tx)
	}
	return err
}

// document resolves the names of a packet into units.
func (in *Incoming) document(tx *db.Tx) (d Document, err error) {
	refs := append([]edxml.Reference{}, in.Answers...)
	d = Document{Signed: in.Signed, IssuerCode: in.From.ID, IssuerName: in.From.Name, Symbol: in.Symbol, IssuedOn: in.IssuedOn, OuterID: in.OuterID,
		Subject: in.Subject, Content: in.Content, Signer: in.Signer, SignerTitle: in.Title, ArrivedAt: in.ArrivedAt, Way: in.Way, State: Waiting,
		Refs: append(refs, Quoted(in.Subject+"\n"+in.Content)...)}
	if d.Issuer, err = unitOf(tx, in.From); err != nil {
		return d, err
	}
	for _, to := range in.To {
		if d.Addressee, err = unitOf(tx, to); err != nil || d.Addressee != "" {
			return d, err
		}
	}
	return d, nil
}

// bare keeps of a secret document what the alarm needs: number, day, issuer.
func (d *Document) bare() {
	d.State, d.Subject, d.Content, d.Signer, d.SignerTitle, d.OuterID, d.Refs = Secret, "", "", "", "", "", nil
}

// place finds where a new document belongs, or says why it waits.
func (d *Document) place(tx *db.Tx, files []casefile.Document, field Fielder) (reason string, err error) {
	who := org.System("exchange")
	if d.Issuer == "" {
		return "issuer", nil
	}
	id, found, err := d.registered(tx)
	if err != nil {
		return "", err
	}
	if found {
		return "", d.known(tx, who, id, files)
	}
	cases, named, err := d.answers(tx)
	if err != nil {
		return "", err
	}
	switch {
	case len(cases) == 1:
		return "", d.answer(tx, who, cases[0], petition.Unstated, files)
	case len(cases) > 1:
		return "many", nil
	}
	u, err := org.UnitOf(tx, d.Issuer)
	if err != nil {
		return "", err
	}
	if u.Commune() && raises(d.Subject, d.Content) {
		if d.Addressee == "" || field == nil {
			return "field", nil
		}
		f, err := field(tx, d.Addressee, d.Subject+"\n"+d.Content)
		if err != nil || f == "" {
			return "field", err
		}
		return "", d.raise(tx, who, petition.Raise{Unit: d.Issuer, Title: d.title(), Field: f, Text: d.Content}, files)
	}
	if named {
		return "case", nil
	}
	return "kind", nil
}

// known ties a document to the case whose paper it is: that paper also came this way.
func (d *Document) known(tx *db.Tx, who org.Actor, id casefile.ID, files []casefile.Document) error {
	c, err := casefile.Lock(tx, org.System("exchange"), id)
	if err != nil {
		return err
	}
	d.State, d.Case = Joined, id
	text := ""
	if d.Repeats != "" { // what the case has is not what this one says
		text = d.words()
	}
	d.EventN, err = d.record(tx, c, who, "exchange.known", text)
	if err != nil {
		return err
	}
	return d.attach(tx, who, files)
}

// words are the document's subject and text, each once.
func (d *Document) words() string {
	if d.Content == d.Subject {
		return d.Subject
	}
	return strings.TrimSpace(d.Subject + "\n\n" + d.Content)
}

// record writes that the document came, with what names it.
func (d *Document) record(tx *db.Tx, c *casefile.Case, who org.Actor, kind, text string) (int64, error) {
	at := d.ArrivedAt
	if at.After(tx.Now) {
		at = tx.Now
	}
	return casefile.Record(tx, c, casefile.Event{Kind: kind, By: who, OccurredAt: at, Text: text,
		Facts: map[string]string{"number": d.Symbol, "issued_on": d.IssuedOn.String(), "issuer": string(d.Issuer), "way": d.Way}})
}

// attach adds the files that the case does not have yet.
func (d *Document) attach(tx *db.Tx, who org.Actor, files []casefile.Document) error {
	have, err := casefile.Documents(tx, org.System("exchange"), d.Case)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, f := range have {
		seen[f.Hash] = true
	}
	for _, f := range d.from(files) {
		if seen[f.Hash] {
			continue
		}
		f.Case, f.EventN, f.AddedBy = d.Case, d.EventN, who.Officer
		if _, err := casefile.Attach(tx, f); err != nil {
			return err
		}
	}
	return nil
}

// answer makes the document the answer of a petition.
func (d *Document) answer(tx *db.Tx, who org.Actor, id casefile.ID, outcome petition.Outcome, files []casefile.Document) error {
	from, err := d.arrivalFor(tx, id)
	if err != nil {
		return err
	}
	p, err := petition.AnswerReceived(tx, who, id, petition.Reply{Text: d.Content, Outcome: outcome, Paper: d.outer(), Files: d.from(files)}, from)
	if err != nil {
		return err
	}
	d.State, d.Case = Joined, id
	return d.eventOf(tx, p)
}

// raise makes the document a petition.
func (d *Document) raise(tx *db.Tx, who org.Actor, in petition.Raise, files []casefile.Document) error {
	in.Paper, in.Files = d.outer(), d.from(files)
	p, err := petition.RaiseReceived(tx, who, in, d.arrival())
	if err != nil {
		return err
	}
	d.State, d.Case, d.EventN = Opened, p.ID, p.RaisedN
	return nil
}

// eventOf finds the event that the answer became: the last of the case.
func (d *Document) eventOf(tx *db.Tx, p *petition.Petition) error {
	all, err := petition.Answers(tx, p.ID)
	if err == nil && len(all) > 0 {
		d.EventN = all[len(all)-1].EventN
	}
	return err
}

// What a case keeps of a paper issued elsewhere; an id that is too long to be one is left out.
func (d *Document) outer() signoff.Outer {
	id := d.OuterID
	if len([]rune(id)) > 60 {
		id = ""
	}
	return signoff.Outer{Symbol: d.Symbol, IssuedOn: d.IssuedOn, ID: id}
}

// When it came and who signed, for the petition made of it.
func (d *Document) arrival() petition.Arrival {
	return petition.Arrival{At: d.ArrivedAt, Signer: d.Signer, Title: d.SignerTitle}
}

// arrivalFor is when the document came as the answer of a petition. Of a letter that was read
// late, without a trace of its own, nobody knows the arrival but the reading: what answers
// it may have come before that and is no less its answer, as long as it is not dated
// before the letter.
func (d *Document) arrivalFor(tx *db.Tx, id casefile.ID) (from petition.Arrival, err error) {
	from = d.arrival()
	p, err := petition.Get(tx, org.System("exchange"), id)
	if err != nil {
		return from, err
	}
	asked, bad := workday.ParseDate(p.IssuedOn)
	if bad == nil && from.At.Before(p.ArrivedAt) && !d.IssuedOn.Before(asked) {
		from.At = p.ArrivedAt
	}
	return from, nil
}

// title is the subject without what stands before every one.
func (d *Document) title() string {
	t := strings.TrimSpace(d.Subject)
	for _, before := range []string{"V/v", "v/v", "Về việc", "về việc"} {
		t = strings.TrimSpace(strings.TrimPrefix(t, before))
	}
	if t == "" {
		t = d.Content
	}
	if r := []rune(t); len(r) > 0 {
		t = strings.ToUpper(string(r[:1])) + string(r[1:])
	}
	return vntext.Truncate(t, 300)
}
