package story

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// campaignVerbs are the words for campaigns.
var campaignVerbs = map[string]verb{
	"campaign": openCampaign, "campaign-member": campaignMember, "item": enterItem, "confirm-item": confirmItem, "settle-item": settleItem, "look-item": lookItem,
	"theme": formTheme, "theme-put": putItems, "ask-explanations": askExplanations, "explain-now": explainNow, "draft-campaign-explanation": draftExplained,
	"plan-session": planSession, "agenda": orderAgenda, "begin-session": beginSession, "theme-answer": answerTheme, "end-session": endSession,
	"close-campaign": closeCampaign, "look-campaign": lookCampaign, "suggest-themes": suggestThemes,
}

func instantOf(s string) (time.Time, error) {
	return time.ParseInLocation("2006-01-02 15:04", s, workday.Office)
}

// onCampaign runs an operation on the campaign of the first argument and shows it after.
func onCampaign(r *run, g given, op func(tx *db.Tx, who org.Actor, id casefile.ID) error) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		return op(tx, who, id)
	})
	if err != nil {
		return "", err
	}
	return r.describeCampaign(id, org.System("story"))
}

// describeCampaign says how a campaign stands: state, groups with answers, duties.
func (r *run) describeCampaign(id casefile.ID, as org.Actor) (string, error) {
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		c, err := campaign.Get(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "campaign %s session %s\n", c.State, c.Held())
		themes, err := campaign.Themes(tx, as, id)
		if err != nil {
			return err
		}
		for _, t := range themes {
			fmt.Fprintf(b, "theme %d at %d %s lead %s items %d\n", t.N, t.Place, t.Title, t.Lead, t.Items)
			for i, a := range t.Answers {
				fmt.Fprintf(b, "answer %d.%d %s %s in session %t holds %t next %s: %s\n", t.N, a.N, a.Outcome, a.Speaker, a.InSession, i == len(t.Answers)-1, a.NextOn, a.Text)
			}
		}
		communes, units, err := campaign.Progress(tx, as, id)
		if err != nil {
			return err
		}
		for _, l := range communes {
			if l.Items > 0 {
				fmt.Fprintf(b, "commune %s items %d waiting %d told %d settled %d unsettled %d\n", l.Unit, l.Items, l.Waiting, l.Told, l.Settled, l.Unsettled)
			}
		}
		for _, u := range units {
			fmt.Fprintf(b, "unit %s themes %d answered %d open %d", u.Unit, u.Themes, u.Answered, u.Open)
			if d := u.Explained; d != nil {
				fmt.Fprintf(b, " explanation to %s %s due %s late %t", d.Counterpart, d.Fate, d.DueAt.In(workday.Office).Format("2006-01-02 15:04"), d.Late() || d.MissedAtNow(tx.Now))
			}
			b.WriteString("\n")
		}
		return err
	})
}

func lookCampaign(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return r.describeCampaign(id, org.Actor{})
}

// openCampaign: campaign DT-1 'title' number=1208/UBND-TH issued=2025-07-28 until='2025-08-03 17:00'
func openCampaign(r *run, g given) (string, error) {
	until, err := instantOf(g.named["until"])
	if err != nil {
		return "", err
	}
	issued, err := workday.ParseDate(g.named["issued"])
	if err != nil {
		return "", err
	}
	var id casefile.ID
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		c, err := campaign.Open(tx, who, campaign.New{Title: g.at(1), Number: g.named["number"], IssuedOn: issued, Until: until})
		if err == nil {
			id = c.ID
		}
		return err
	})
	if err != nil {
		return "", err
	}
	r.labels[g.at(0)] = string(id)
	return r.describeCampaign(id, org.System("story"))
}

// campaignMember: campaign-member DT-1 OFFICER 'name of the working group'
func campaignMember(r *run, g given) (string, error) {
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Name(tx, who, id, org.OfficerID(g.at(1)), g.at(2), 0)
		return err
	})
}

// onItem runs an operation that gives an item and shows how that stands.
func onItem(r *run, label string, op func(tx *db.Tx, who org.Actor) (*campaign.Item, error)) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		i, err := op(tx, who)
		if err == nil {
			r.labels[label] = string(i.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeItem(label, org.System("story"))
}

func (r *run) describeItem(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		i, err := campaign.GetItem(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "item %s %s %s team %s theme %d round %d: %s\n", i.Code, i.Commune, i.State, i.Team, i.Theme, i.Round, i.Title)
		all, err := duty.OfCase(tx, id)
		for _, d := range all {
			fmt.Fprintf(b, "owes %s %s %s\n", d.Rule, d.Owner, d.Fate)
		}
		return err
	})
}

func lookItem(r *run, g given) (string, error) { return r.describeItem(g.at(0), org.Actor{}) }

// enterItem: item DT-1 Y-1 'title' [commune=04849 text=…]
func enterItem(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	in := campaign.Entry{Commune: org.UnitID(g.named["commune"]), Title: g.at(2), Text: g.named["text"]}
	if in.Text == "" {
		in.Text = in.Title
	}
	return onItem(r, g.at(1), func(tx *db.Tx, who org.Actor) (*campaign.Item, error) { return campaign.Enter(tx, who, id, in) })
}

// confirmItem: confirm-item Y-1 yes | no ['why it is not its own'] [title=… text=…]
func confirmItem(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	in := campaign.Word{Accept: g.at(1) == "yes", Reason: g.at(2), Title: g.named["title"], Text: g.named["text"]}
	return onItem(r, g.at(0), func(tx *db.Tx, who org.Actor) (*campaign.Item, error) { return campaign.Confirm(tx, who, id, in) })
}

// settleItem: settle-item Y-1 yes | no ['what is still wrong']
func settleItem(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	in := campaign.Verdict{Settled: g.at(1) == "yes", Comment: g.at(2)}
	return onItem(r, g.at(0), func(tx *db.Tx, who org.Actor) (*campaign.Item, error) { return campaign.Settle(tx, who, id, in) })
}

// formTheme: theme DT-1 'what they have in common' so-tu-phap Y-1 Y-2 …
func formTheme(r *run, g given) (string, error) {
	items, err := r.members(g.plain[3:])
	if err != nil {
		return "", err
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Group(tx, who, id, campaign.Grouping{Title: g.at(1), Lead: org.UnitID(g.at(2)), Items: items})
		return err
	})
}

// putItems: theme-put DT-1 2 Y-3 …; 0 takes them out
func putItems(r *run, g given) (string, error) {
	items, err := r.members(g.plain[2:])
	if err != nil {
		return "", err
	}
	n, err := strconv.ParseInt(g.at(1), 10, 64)
	if err != nil {
		return "", err
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error { return campaign.Put(tx, who, id, n, items, 0) })
}

// suggestThemes: suggest-themes DT-1 shows which items read alike.
func suggestThemes(r *run, g given) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil {
			return err
		}
		all, err := campaign.Suggest(tx, who, id)
		out = fmt.Sprintf("suggested %d\n", len(all))
		for _, s := range all {
			out += fmt.Sprintf("alike %d: %s\n", len(s.Items), s.Title)
		}
		return err
	})
	return out, err
}

// askExplanations: ask-explanations DT-1 by='2025-08-04 16:00' number=1537/UBND-TH issued=2025-08-03
func askExplanations(r *run, g given) (string, error) {
	by, err := instantOf(g.named["by"])
	if err != nil {
		return "", err
	}
	issued, err := workday.ParseDate(g.named["issued"])
	if err != nil {
		return "", err
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Ask(tx, who, id, campaign.Demand{By: by, Number: g.named["number"], IssuedOn: issued})
		return err
	})
}

// explainNow: explain-now DT-1 'text', in one act.
func explainNow(r *run, g given) (string, error) {
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.ExplainNow(tx, who, id, g.at(1), signoff.Outer{}, 0)
		return err
	})
}

// draftExplained: draft-campaign-explanation DT-1 VB-1 'text'
func draftExplained(r *run, g given) (string, error) {
	return drafted(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID, in petition.Reply) (*signoff.Paper, error) {
		return campaign.DraftExplanation(tx, r.p.Desk, who, id, in.Text, 0)
	})
}

// planSession: plan-session DT-1 '2025-08-06 14:00'
func planSession(r *run, g given) (string, error) {
	at, err := instantOf(g.at(1))
	if err != nil {
		return "", err
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Plan(tx, who, id, at, 0)
		return err
	})
}

// orderAgenda: agenda DT-1 2 1 3
func orderAgenda(r *run, g given) (string, error) {
	var order []int64
	for _, s := range g.plain[1:] {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return "", err
		}
		order = append(order, n)
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error { return campaign.Order(tx, who, id, order, 0) })
}

// beginSession: begin-session DT-1 ['why before the hour that was planned']
func beginSession(r *run, g given) (string, error) {
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Begin(tx, who, id, campaign.Opening{Reason: g.at(1)})
		return err
	})
}

// answerTheme: theme-answer DT-1 1 'text' [speaker=… outcome=… next=2025-08-20 number=…]
func answerTheme(r *run, g given) (string, error) {
	n, err := strconv.ParseInt(g.at(1), 10, 64)
	if err != nil {
		return "", err
	}
	in := campaign.Reply{Theme: n, Text: g.at(2), Speaker: g.named["speaker"], Outcome: petition.Outcome(g.named["outcome"]), Number: g.named["number"]}
	if next := g.named["next"]; next != "" {
		if in.NextOn, err = workday.ParseDate(next); err != nil {
			return "", err
		}
	}
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Answer(tx, who, id, in)
		return err
	})
}

func endSession(r *run, g given) (string, error) {
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.End(tx, who, id, 0)
		return err
	})
}

func closeCampaign(r *run, g given) (string, error) {
	return onCampaign(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Close(tx, who, id, 0)
		return err
	})
}
