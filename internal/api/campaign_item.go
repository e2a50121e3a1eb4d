package api

import (
	"net/http"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// campaignItemView is an item with the version it has after the act.
func campaignItemView(i *campaign.Item, version int64) campaignItemOut {
	return campaignItemOut{ID: string(i.ID), Code: i.Code, Campaign: string(i.Campaign), Commune: string(i.Commune), Title: i.Title, Text: i.Text, Team: i.Team,
		State: i.State, Group: i.Theme, Lead: string(i.Lead), Petition: string(i.Petition), Version: version}
}

func campaignItemDone(i *campaign.Item, version int64, status int) (done, error) {
	out := campaignItemView(i, version)
	return done{status: status, location: campaignItemsPath + string(i.ID), version: version, body: &out}, nil
}

// campaignItemAgain answers a repeated request with how the item stands now.
func (c *call) campaignItemAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	i, err := campaign.GetItem(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return campaignItemDone(i, i.Version, http.StatusOK)
}

// enterCampaignItem answers the item with its state: entered waits for the commune's word.
func (c *call) enterCampaignItem(in *campaignItemIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		i, err := campaign.Enter(tx, who, casefile.ID(c.id), campaign.Entry{Commune: org.UnitID(in.Commune), Title: in.Title, Text: in.Text, Field: in.Field})
		if err != nil {
			return d, err
		}
		return campaignItemDone(i, i.Version, http.StatusCreated)
	})
}

// campaignItems first asks for the campaign: of one out of sight not even an empty list is given.
func (c *call) campaignItems() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if _, err := campaign.Get(tx, who, casefile.ID(c.id)); err != nil {
			return nil, 0, err
		}
		all, next, err := campaign.Items(tx, who, casefile.ID(c.id), campaign.FilterOf(q), q.Get("cursor"), limit)
		out := page[campaignItemOut]{Items: []campaignItemOut{}, Next: next}
		for _, i := range all {
			out.Items = append(out.Items, campaignItemView(&i, i.Version))
		}
		return &out, 0, err
	})
}

func (c *call) getCampaignItem() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		i, err := campaign.GetItem(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out := campaignItemView(i, i.Version)
		return &out, i.Version, nil
	})
}

// onCampaignItem runs an operation on the item of the address.
func (c *call) onCampaignItem(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		i, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return campaignItemDone(i, i.Version+1, http.StatusOK)
	})
}

func (c *call) confirmCampaignItem(in *campaignConfirmIn) error {
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		return campaign.Confirm(tx, who, id, campaign.Word{Accept: in.Accept, Title: in.Title, Text: in.Text, Reason: in.Reason, Version: c.version})
	})
}

// settleCampaignItem wants the word said: a missing one is never taken for a settled matter.
func (c *call) settleCampaignItem(in *settleIn) error {
	if in.Settled == nil {
		return fault.Field("settled", "Hãy cho biết đã giải quyết được hay chưa: true hoặc false.")
	}
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		return campaign.Settle(tx, who, id, campaign.Verdict{Settled: *in.Settled, Comment: in.Comment, Version: c.version})
	})
}

// raiseCampaignItem answers the item, which names the petition; that is read at its own address.
func (c *call) raiseCampaignItem(in *campaignRaiseIn) error {
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		if _, _, err := campaign.Raise(tx, c.s.Desk, who, id, in.Field, in.Tried, c.version); err != nil {
			return nil, err
		}
		return campaign.GetItem(tx, who, id)
	})
}
