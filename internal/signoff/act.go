package signoff

import (
	"slices"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// Review passes a draft on with or without a remark (xem, cho ý kiến). With edit the
// reviewer's own version goes on; the drafter's is kept beside it.
func (d Desk) Review(tx *db.Tx, who org.Actor, id ID, in Step, edit *Edit) (p *Paper, err error) {
	defer fault.Wrap(&err, "review paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if who, err = p.mine(who, Reviewing); err != nil {
		return nil, err
	}
	if err := p.seen(tx, who, in.Version, nil); err != nil {
		return nil, err
	}
	if edit != nil {
		if err := d.edit(tx, c, who, p, *edit); err != nil {
			return nil, err
		}
	}
	if err := p.mark(tx, who, reviewed, in.Comment); err != nil {
		return nil, err
	}
	if err := p.advance(tx, who); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, reviewed, in.Comment)
}

// SendBack returns a paper to its drafter with a reason, from any step by whose turn it
// is: the head, the leader, and the clerk for what is signed ("sai thể thức").
func (d Desk) SendBack(tx *db.Tx, who org.Actor, id ID, in Step) (p *Paper, err error) {
	defer fault.Wrap(&err, "send back paper %s", id)
	if vntext.IsBlank(in.Comment) {
		return nil, fault.Field("reason", "Hãy nêu lý do trả lại: người soạn cần biết phải sửa gì.")
	}
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	at := p.open()
	if at == Drafting {
		at = Reviewing // nothing to send back yet: name the step that is missing
	}
	if who, err = p.mine(who, at); err != nil {
		return nil, err
	}
	if err := p.seen(tx, who, in.Version, nil); err != nil {
		return nil, err
	}
	p.back(tx)
	p.Returned = true
	if err := p.mark(tx, who, sentBack, in.Comment); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	if err := tellOfficer(tx, p, p.DraftedBy, "paper.returned"); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, sentBack, in.Comment)
}

// Signature is a leader's signature under a text.
type Signature struct {
	Capacity org.Capacity
	Version  int64 // of the text he saw; 0 when he sent none
	Comment  string
}

// Sign puts a leader's signature under the newest version, in a capacity that holds at
// this instant (NĐ 30/2020, Điều 13; org.CheckSigning says why one does not). TL. and
// TUQ. may be signed by one who holds no leader's post, on their own basis.
func (d Desk) Sign(tx *db.Tx, who org.Actor, id ID, in Signature) (p *Paper, err error) {
	defer fault.Wrap(&err, "sign paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	as, err := p.signer(who, in.Capacity)
	if err != nil {
		return nil, err
	}
	if err := p.seen(tx, as, in.Version, nil); err != nil {
		return nil, err
	}
	as.Capacity = in.Capacity
	if err := p.sign(tx, as, c.Field); err != nil {
		return nil, err
	}
	if err := p.mark(tx, as, signed, in.Comment); err != nil {
		return nil, err
	}
	if err := p.advance(tx, as); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, as, signed, in.Comment)
}

// signer returns the actor in the post in which he signs. TL. and TUQ. rest on their own
// basis, so they need no turn; they open no draft to another unit's people.
func (p *Paper) signer(who org.Actor, c org.Capacity) (as org.Actor, err error) {
	as, err = p.mine(who, Signing)
	if err == nil || p.State != Signing || c != org.ByOrder && c != org.Delegated {
		return as, err
	}
	if err := p.belongs(who); err != nil {
		return as, err
	}
	return inUnit(who, p.Unit, p.Section), nil
}

// sign checks the capacity now and puts the signature on the paper.
func (p *Paper) sign(tx *db.Tx, who org.Actor, field string) error {
	return p.signOn(tx, who, field, tx.Now)
}

// signOn is sign with the capacity of another instant: that of a sheet signed by hand.
func (p *Paper) signOn(tx *db.Tx, who org.Actor, field string, on time.Time) error {
	basis, err := basis(tx, who, org.Signing{Unit: p.Unit, Capacity: who.Capacity, Kind: p.Kind, Field: field, On: on})
	if err != nil {
		return err
	}
	p.Capacity, p.Basis, p.Signer, p.SignerName, p.SignerTitle = who.Capacity, basis, who.Officer, who.Name, who.Post.Title
	p.SignedVersion, p.SignedAt = p.Version, tx.Now
	return nil
}

// Issue is how a paper leaves.
type Issue struct {
	Outer    Outer        // a number that the document system gave; zero: the unit's own register
	Capacity org.Capacity // only where the path has no step of its own for the signature
	Version  int64
	Comment  string
}

// Release numbers a signed paper and lets it out (cấp số, phát hành): the one instant
// from which others read it. What it means for the case is the slice's Kind.Released.
func (d Desk) Release(tx *db.Tx, who org.Actor, id ID, in Issue) (p *Paper, err error) {
	defer fault.Wrap(&err, "release paper %s", id)
	p, c, err := holdAfter(tx, who, id, casefile.Lock, d.holdOthers)
	if err != nil {
		return nil, err
	}
	if who, err = d.mayRelease(tx, who, p, c, in); err != nil {
		return nil, err
	}
	return p, d.leave(tx, who, p, c, in)
}

// leave gives the number and lets the paper out; the caller has asked whether it may go.
func (d Desk) leave(tx *db.Tx, who org.Actor, p *Paper, c *casefile.Case, in Issue) error {
	k, err := d.kind(p.Kind)
	if err != nil {
		return err
	}
	if err := k.check(tx, p.body); err != nil {
		return err
	}
	if err := p.number(tx, who, k, in.Outer); err != nil {
		return err
	}
	p.State, p.Waiting, p.MovedAt, p.ReleasedAt = Released, "", tx.Now, tx.Now
	if err := p.mark(tx, who, released, in.Comment); err != nil {
		return err
	}
	if err := p.save(tx); err != nil {
		return err
	}
	if p.DraftedBy != who.Officer {
		if err := tellOfficer(tx, p, p.DraftedBy, "paper.released"); err != nil {
			return err
		}
	}
	return k.Released(tx, who, c, p, p.body)
}

// mayRelease checks the turn, the text seen and the signature. Where the path has no
// step for the signature, who releases signs in the same act; a draft on a path of one
// step needs no submission first.
func (d Desk) mayRelease(tx *db.Tx, who org.Actor, p *Paper, c *casefile.Case, in Issue) (org.Actor, error) {
	if err := p.belongs(who); err != nil {
		return who, err
	}
	if err := p.skipSubmit(tx, who); err != nil {
		return who, err
	}
	as, err := p.mine(who, Releasing)
	if err != nil {
		return who, err
	}
	if err := p.seen(tx, as, in.Version, nil); err != nil {
		return who, err
	}
	if p.Signed() {
		return as, nil
	}
	if slices.ContainsFunc(p.Path, func(s org.Step) bool { return s.Stage == org.Sign }) {
		return who, &fault.Refusal{Kind: fault.Denied, Step: "lãnh đạo ký", Say: "Văn bản chưa có chữ ký nên chưa phát hành được."}
	}
	as.Capacity = in.Capacity
	return as, p.sign(tx, as, c.Field)
}

// skipSubmit brings a draft on a path of one step before that step, without a notice:
// who drafted it releases it. The path is today's, as it would be for a submission.
func (p *Paper) skipSubmit(tx *db.Tx, who org.Actor) (err error) {
	if _, ok := p.turn(who); !ok || p.State != Drafting {
		return nil
	}
	path, err := walk(tx, p.Unit, p.Kind)
	if err != nil || len(path) != 1 {
		return err
	}
	p.Path, p.Step, p.State, p.Returned = path, 1, Releasing, false
	p.Waiting = partKey(p.Unit, path[0].Role, "")
	if path[0].Post != "" {
		p.Waiting = postKey(path[0].Post)
	}
	return nil
}

// number gives the paper its number: none for guidance, the document system's where one
// is named, else the next of the unit's own register.
func (p *Paper) number(tx *db.Tx, who org.Actor, k Kind, outer Outer) error {
	if p.Guidance {
		if outer != (Outer{}) {
			return fault.Field("number", "Văn bản ghi là hướng dẫn nghiệp vụ thì không lấy số; bỏ dấu đó trước nếu đây là văn bản hành chính.")
		}
		return nil
	}
	e, err := Enter(tx, who, Entry{Unit: p.Unit, Section: p.Section, Book: k.Book(), Code: k.Code, Case: p.Case, Paper: p.ID}, outer)
	if err != nil {
		return err
	}
	p.Number, p.Symbol, p.IssuedOn, p.RegisterN, p.OuterID = e.Number, e.Symbol, e.IssuedOn, e.N, e.OuterID
	return nil
}

// Direct says whether the actor may do in one act what a paper of the kind would do in
// several: every step of the unit's path is his. It returns him in the post that
// releases and in a capacity that holds now for the field: the one he chose, else the
// first that holds. Otherwise fault.Denied names the first step that is not his.
func Direct(tx *db.Tx, who org.Actor, unit org.UnitID, kind, field string) (as org.Actor, err error) {
	defer fault.Wrap(&err, "one act of %s", kind)
	path, err := walk(tx, unit, kind)
	if err != nil {
		return who, err
	}
	for _, s := range path {
		at := slices.IndexFunc(posts(who), func(p org.Post) bool {
			return p.Unit == unit && (p.ID == s.Post || s.Post == "" && p.Role == s.Role)
		})
		if at < 0 {
			return who, &fault.Refusal{Kind: fault.Denied, Step: "chờ " + StepSay(s),
				Say: "Văn bản này của đơn vị còn phải qua bước “" + StepSay(s) + "”; anh/chị không làm trọn trong một lần được."}
		}
		as = who.As(posts(who)[at])
	}
	return capable(tx, as, unit, kind, field)
}

// basis says on what a signature in a capacity rests at this instant, or why it does not
// hold. The head's own capacities rest on his posts of today alone and cost no reads; the
// others are asked of the office.
func basis(tx *db.Tx, who org.Actor, s org.Signing) (string, error) {
	if s.Capacity != org.ForAll && s.Capacity != org.Own && s.Capacity != org.Acting {
		return org.CheckSigning(tx, who.Officer, s)
	}
	now, err := org.ActorOf(tx, who.Officer)
	if err != nil {
		return "", err
	}
	u, err := org.UnitOf(tx, s.Unit)
	if err != nil {
		return "", err
	}
	return org.Rights{Unit: u, Posts: now.Posts, Officer: org.Officer{ID: now.Officer, Name: now.Name}}.Check(s)
}

// capable gives the actor a capacity that holds: the one he chose, else the first. When
// none holds, a head is told why not as head and a deputy why not as deputy.
func capable(tx *db.Tx, who org.Actor, unit org.UnitID, kind, field string) (org.Actor, error) {
	try := []org.Capacity{org.ForAll, org.Own, org.Acting, org.ForHead, org.ByOrder, org.Delegated}
	if who.Capacity != "" {
		try = []org.Capacity{who.Capacity}
	}
	var why error
	for _, c := range try {
		_, err := basis(tx, who, org.Signing{Unit: unit, Capacity: c, Kind: kind, Field: field, On: tx.Now})
		if err == nil {
			who.Capacity = c
			return who, nil
		}
		if fault.Kind(err) != fault.Denied {
			return who, err
		}
		if why == nil || c == org.ForHead && who.Post.Deputy {
			why = err
		}
	}
	return who, why
}
