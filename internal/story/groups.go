package story

import (
	"fmt"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/group"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// onGroup runs an operation in the name of the present actor and says how the group that
// it gives stands then.
func onGroup(r *run, label string, op func(tx *db.Tx, who org.Actor) (*group.Group, error)) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		g, err := op(tx, who)
		if err == nil {
			r.labels[label] = string(g.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeGroup(label, org.System("story"))
}

// describeGroup says how a group stands: its state, lead and members.
func (r *run) describeGroup(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		g, err := group.Get(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "group %s, lead %s\n", g.State, g.Lead)
		all, err := group.Members(tx, as, id)
		for _, m := range all {
			fmt.Fprintf(b, "member %s %s %s settled %s fate %s\n", m.Code, m.Raiser, m.State, m.Settled, m.Place)
		}
		return err
	})
}

// The ids behind the labels of a story, in their order.
func (r *run) members(labels []string) (ids []casefile.ID, err error) {
	for _, l := range labels {
		id, err := r.id(l)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// formGroup: group NV-1 'what they have in common' KN-1 KN-2 …
func formGroup(r *run, g given) (string, error) {
	ids, err := r.members(g.plain[2:])
	if err != nil {
		return "", err
	}
	return onGroup(r, g.at(0), func(tx *db.Tx, who org.Actor) (*group.Group, error) {
		return group.Form(tx, who, group.New{Title: g.at(1), Members: ids})
	})
}

// groupAdd: group-add NV-1 KN-3 …
func groupAdd(r *run, g given) (string, error) {
	ids, err := r.members(g.plain)
	if err != nil {
		return "", err
	}
	return onGroup(r, g.at(0), func(tx *db.Tx, who org.Actor) (*group.Group, error) { return group.Add(tx, who, ids[0], ids[1:], 0) })
}

// groupLeave: group-leave KN-3 'why it is another matter', from the group it stands in.
func groupLeave(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return onGroup(r, "the group left", func(tx *db.Tx, who org.Actor) (*group.Group, error) {
		return group.Leave(tx, who, "", group.Departure{Petition: id, Reason: g.at(1)})
	})
}

// groupAnswer: group-answer NV-1 'text' [outcome=…], in one act.
func groupAnswer(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return onGroup(r, g.at(0), func(tx *db.Tx, who org.Actor) (*group.Group, error) { return group.AnswerNow(tx, who, id, reply(g)) })
}

// draftGroupAnswer: draft-group-answer NV-1 VB-1 'text' [outcome=…]
func draftGroupAnswer(r *run, g given) (string, error) {
	return drafted(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID, in petition.Reply) (*signoff.Paper, error) {
		return group.DraftAnswer(tx, r.p.Desk, who, id, in)
	})
}

// propose: propose NV-1 KN-9 VB-9 'what is missing' [amend=… basis=…] turns a group into a
// proposal to amend the regulation; its draft gets the second label.
func propose(r *run, g given) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		p, x, err := group.Propose(tx, r.p.Desk, who, id, group.Proposal{Text: g.at(3), Amend: g.named["amend"], Basis: g.named["basis"]})
		if err != nil {
			return err
		}
		r.labels[g.at(1)], out = string(p.ID), "proposed"
		if x != nil {
			r.labels[g.at(2)], out = string(x.ID), stands(x)
		}
		return nil
	})
	return out, err
}

// lookGroup: look-group NV-1 shows the group as the present actor sees it.
func lookGroup(r *run, g given) (string, error) { return r.describeGroup(g.at(0), org.Actor{}) }
