package api

import (
	"errors"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// proofOut lets an outsider check that what he was shown stands in the signed log.
type proofOut struct {
	Case       string      `json:"case"`
	Key        string      `json:"key" doc:"khóa công khai của nhật ký"`
	Checkpoint string      `json:"checkpoint" doc:"điểm kiểm có chữ ký"`
	Items      []proofItem `json:"items"`
	Next       string      `json:"next"` // for cursor
}

// The place of one act in the log, and the hashes from it to the root. Seq is null for the second or so
// before it is sealed in.
type proofItem struct {
	N    int64    `json:"n"`    // of the event
	Ref  string   `json:"ref"`  // case and number, "01J…/7"
	Leaf string   `json:"leaf"` // SHA-256, hex
	Seq  *int64   `json:"seq" doc:"null khi chờ đóng dấu"`
	Path []string `json:"path,omitempty" doc:"đường từ lá đến gốc"`
}

// proof answers what an outsider needs beside the public key. Only events that the
// reader hears are in it: a leaf tells that something happened.
func (c *call) proof() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, err := casefile.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out := proofOut{Case: string(cf.ID), Items: []proofItem{}}
		if out.Key, err = audit.Verifier(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return nil, 0, err
		}
		if out.Checkpoint, err = audit.Checkpoint(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return nil, 0, err
		}
		all, err := casefile.History(tx, who, cf.ID, longestHistory)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range all {
			item, err := proofOf(tx, cf.ID, e)
			if err != nil {
				return nil, 0, err
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

// proofOf gives an event's place in the log and its path to the signed root.
func proofOf(tx *db.Tx, id casefile.ID, e casefile.Event) (item proofItem, err error) {
	item = proofItem{N: e.N, Ref: casefile.EntryRef(id, e.N), Leaf: e.Leaf.String()}
	p, err := audit.Prove(tx, item.Ref)
	if errors.Is(err, fault.Conflict) { // it waits for its position
		return item, nil
	}
	if err != nil {
		return item, err
	}
	item.Seq = &p.Seq
	for _, h := range p.Path {
		item.Path = append(item.Path, h.String())
	}
	return item, nil
}
