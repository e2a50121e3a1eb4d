package inbox

import (
	"strconv"

	"lienthong/internal/db"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// The figures beside a page stand on every page of an officer, and cost more than the
// page's own list. They are counted again once something was touched in his units, at
// the latest after the few seconds of db.Tx.Recent; a list itself is always read.

// Around names the units, and the officers as org.OfOfficer names them, whose changes an
// actor's figures follow.
func Around(who org.Actor) (keys []string) {
	keys = append(keys, org.OfOfficer(who.Officer))
	for _, o := range who.Cover {
		keys = append(keys, org.OfOfficer(o))
	}
	for _, p := range who.Posts {
		keys = append(keys, string(p.Unit))
	}
	return keys
}

// figure is the key of an actor's figure.
func figure(name string, who org.Actor, most int) string {
	return name + "|" + string(who.Officer) + "|" + string(who.Post.ID) + "|" + strconv.Itoa(most)
}

// count fills in how many each tray holds.
func count(tx *db.Tx, who org.Actor, all []Tray, most int) error {
	v, err := tx.Recent(figure("trays", who, most), Around(who), func() (any, error) { return counts(tx, who, all, most) })
	if err != nil {
		return err
	}
	for i, n := range v.([]int) {
		all[i].Count = n
	}
	return nil
}

// Told returns how many notices an actor has not read, up to most, for a badge.
func Told(tx *db.Tx, who org.Actor, most int) (int, error) {
	v, err := tx.Recent(figure("told", who, most), Around(who), func() (any, error) { return notice.Count(tx, who, most) })
	if err != nil {
		return 0, err
	}
	return v.(int), nil
}

// counts returns how many each tray holds, up to most.
func counts(tx *db.Tx, who org.Actor, all []Tray, most int) (n []int, err error) {
	n = make([]int, len(all))
	papers, err := signoff.Tallies(tx, who)
	if err != nil {
		return nil, err
	}
	for i := range all {
		t := &all[i]
		if !t.Papers {
			if n[i], err = Count(tx, who, t.Duties, most); err != nil {
				return nil, err
			}
			continue
		}
		for _, p := range papers {
			if t.Paper.Takes(p) {
				n[i] = min(most, n[i]+p.N)
			}
		}
	}
	return n, nil
}

// holdsMissed says whether one duty of a tray is missed.
func holdsMissed(tx *db.Tx, who org.Actor, t Tray) (bool, error) {
	v, err := tx.Recent(figure("missed "+t.Key, who, 1), Around(who), func() (any, error) {
		f := t.Duties
		f.Standing = Missed
		return Count(tx, who, f, 1)
	})
	if err != nil {
		return false, err
	}
	return v.(int) > 0, nil
}
