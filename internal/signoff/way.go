package signoff

import (
	"slices"
	"strconv"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Whose turn it is stands in one column, Paper.Waiting, in the form of a key: one
// officer, one post, or a part of a unit. An officer's posts give him keys. Whether he
// may act and what his list shows are the same comparison, so they cannot differ.

// Who waits is kept as a key: an officer …
func officerKey(o org.OfficerID) string { return "o:" + string(o) }

// … a post …
func postKey(p org.PostID) string { return "p:" + string(p) }

// … or whoever holds a role in a section: a paper waits for a place, and persons change.
func partKey(u org.UnitID, r org.Role, section org.UnitID) string {
	return "r:" + string(u) + "|" + string(r) + "|" + string(section)
}

// keysOf are the keys of one post. Only the head's part is bound to a section: leaders
// and clerks serve the whole unit.
func keysOf(p org.Post) []string {
	keys := []string{postKey(p.ID), partKey(p.Unit, p.Role, "")}
	if p.Role == org.Head && p.Section != "" {
		keys = append(keys, partKey(p.Unit, p.Role, p.Section))
	}
	return keys
}

// posts are the posts in which the actor may act: the one he chose, or all of them.
func posts(who org.Actor) []org.Post {
	if who.Post.ID != "" {
		return []org.Post{who.Post}
	}
	return who.Posts
}

// turn returns the actor in the post whose turn it is; ok is false when it is not his.
// It is pure. A draft lies with its drafter, or with who does his work while he is away.
func (p *Paper) turn(who org.Actor) (as org.Actor, ok bool) {
	if who.System != "" || p.Waiting == "" {
		return who, false
	}
	if p.State == Drafting {
		if p.Waiting != officerKey(who.Officer) && !slices.ContainsFunc(who.Cover, func(o org.OfficerID) bool { return p.Waiting == officerKey(o) }) {
			return who, false
		}
		return inUnit(who, p.Unit, p.Section), true
	}
	for _, post := range posts(who) {
		if slices.Contains(keysOf(post), p.Waiting) {
			return who.As(post), true
		}
	}
	return who, false
}

// inUnit returns the actor in a post of the unit, one of the section before any other;
// unchanged when he chose one or holds none there.
func inUnit(who org.Actor, unit, section org.UnitID) org.Actor {
	if who.Post.ID != "" {
		return who
	}
	best := slices.IndexFunc(who.Posts, func(p org.Post) bool { return p.Unit == unit && p.Section == section })
	if best < 0 {
		best = slices.IndexFunc(who.Posts, func(p org.Post) bool { return p.Unit == unit })
	}
	if best < 0 {
		return who
	}
	return who.As(who.Posts[best])
}

// order is how far a state is on the way.
var order = []State{Drafting, Reviewing, Signing, Releasing, Released, Dropped}

// due refuses an act that belongs to the state at: done already is a fault.Conflict,
// not yet is fault.Denied with the step that is missing.
func (p *Paper) due(at State) error {
	is, want := slices.Index(order, p.State), slices.Index(order, at)
	switch {
	case is == want:
		return nil
	case p.State == Dropped:
		return fault.Refuse(fault.Conflict, "Dự thảo này đã bỏ.")
	case p.State == Released:
		return fault.Refuse(fault.Conflict, "Văn bản này đã phát hành%s.", p.cite())
	case is > want:
		return fault.Refuse(fault.Conflict, "Bước này đã làm xong; văn bản đang %s.", p.Where())
	}
	return p.notYet()
}

// open is the state to ask due for when any state but an ended one will do.
func (p *Paper) open() State {
	if p.State == Released || p.State == Dropped {
		return Releasing
	}
	return p.State
}

// The refusal of a step out of its turn says where the paper is.
func (p *Paper) notYet() error {
	return &fault.Refusal{Kind: fault.Denied, Step: p.Where(),
		Say: "Chưa làm được bước này: văn bản đang " + p.Where() + "."}
}

// mine is due and turn together: the actor in his post, or why he may not.
func (p *Paper) mine(who org.Actor, at State) (org.Actor, error) {
	if err := p.belongs(who); err != nil {
		return who, err
	}
	if err := p.due(at); err != nil {
		return who, err
	}
	as, ok := p.turn(who)
	if !ok {
		return who, &fault.Refusal{Kind: fault.Denied, Step: p.Where(),
			Say: "Văn bản đang " + p.Where() + "; bước này không phải của anh/chị."}
	}
	return as, nil
}

// walk returns the unit's path for a paper of the kind, as it is set today.
func walk(tx *db.Tx, unit org.UnitID, kind string) ([]org.Step, error) {
	return org.Path(tx, unit, kind)
}

// advance moves the paper to the next step after its present one and tells those whose
// turn it is. A review that the actor himself would do is his already: he has just put
// his name to the text.
func (p *Paper) advance(tx *db.Tx, who org.Actor) error {
	all, err := org.Officers(tx, p.Unit)
	if err != nil {
		return err
	}
	for n := p.Step; n < len(p.Path); n++ {
		s := p.Path[n]
		if s.Stage == org.Draft {
			continue
		}
		key, people, err := p.find(all, s)
		if err != nil {
			return err
		}
		own := slices.ContainsFunc(people, func(h org.Held) bool { return h.Officer.ID == who.Officer })
		if s.Stage == org.Review && own {
			continue
		}
		p.Step, p.State, p.Waiting, p.MovedAt, p.Returned = n+1, State(s.Stage), key, tx.Now, false
		return p.tell(tx, s, people)
	}
	return fault.Refuse(fault.Invalid, "Quy trình của đơn vị không kết thúc bằng bước phát hành; quản trị đơn vị cần sửa lại.")
}

// find names whose turn a step is, and who they are today. A section without a head
// falls to the unit's other heads; a step that nobody can do is refused, with what to
// do about it, rather than left where no list shows it.
func (p *Paper) find(all []org.Held, s org.Step) (key string, people []org.Held, err error) {
	tries := []string{partKey(p.Unit, s.Role, "")}
	switch {
	case s.Post != "":
		tries = []string{postKey(s.Post)}
	case s.Role == org.Head && p.Section != "":
		tries = []string{partKey(p.Unit, s.Role, p.Section), tries[0]}
	}
	for _, key := range tries {
		for _, h := range all {
			if slices.Contains(keysOf(h.Post), key) {
				people = append(people, h)
			}
		}
		if len(people) > 0 {
			return key, people, nil
		}
	}
	return "", nil, &fault.Refusal{Kind: fault.Conflict, Step: StepSay(s),
		Say: "Đơn vị chưa có ai giữ chức danh để làm bước “" + StepSay(s) + "”. Quản trị đơn vị cần bố trí người hoặc sửa quy trình."}
}

// tell queues the notice of a turn: to the role when it is the whole role's, to each
// officer when it is only one section's or one post's.
func (p *Paper) tell(tx *db.Tx, s org.Step, people []org.Held) error {
	kind := "paper." + string(s.Stage)
	if p.Waiting == partKey(p.Unit, s.Role, "") {
		return notice.Tell(tx, notice.Note{Unit: p.Unit, Role: s.Role, Case: p.Case, Kind: kind})
	}
	for _, h := range people {
		if err := tellOfficer(tx, p, h.Officer.ID, kind); err != nil {
			return err
		}
	}
	return nil
}

// tellOfficer tells one officer, or who does his work while he is away (làm thay): the
// reminder goes where the work is.
func tellOfficer(tx *db.Tx, p *Paper, to org.OfficerID, kind string) error {
	by, err := org.StandIn(tx, to)
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Officer: by, Case: p.Case, Kind: kind})
}

// back puts the paper on its drafter's desk and takes the signature off: whoever signs
// next signs the text of that day.
func (p *Paper) back(tx *db.Tx) {
	p.State, p.Step, p.Waiting, p.MovedAt = Drafting, 0, officerKey(p.DraftedBy), tx.Now
	p.unsign()
}

// A changed text has no signature: everything of it goes.
func (p *Paper) unsign() {
	p.Capacity, p.Basis, p.Signer, p.SignerName, p.SignerTitle = "", "", "", "", ""
	p.SignedVersion, p.SignedAt = 0, time.Time{}
	p.SignedOn, p.RecordedBy, p.ScanID = workday.Date{}, "", ""
}

// drafts says whether a post may begin papers of this path: the part that the path
// gives the draft to, or one that will see it on its way up (a head, a leader). A desk
// officer (chuyên viên theo dõi) is a specialist of his office: he drafts where one does.
func drafts(p org.Post, path []org.Step) bool {
	for i, s := range path {
		fits := p.ID == s.Post || s.Post == "" && (p.Role == s.Role || i == 0 && s.Role == org.Specialist && p.Role == org.Desk)
		if fits && (i == 0 || s.Stage == org.Review || s.Stage == org.Sign) {
			return true
		}
	}
	return false
}

// Numbers in text.
func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// The place of the nth argument.
func placeholder(n int) string { return "$" + strconv.Itoa(n) }
