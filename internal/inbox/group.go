package inbox

import (
	"time"

	"lienthong/internal/duty"
	"lienthong/internal/workday"
)

// A Group is a part of a list under its heading.
type Group struct {
	Key   string // overdue, today, week, next, later, dateless, paused, asked
	Title string
	Items []Item
}

// groups are the headings in their order.
var groups = []Group{
	{Key: "overdue", Title: "Quá hạn chưa xong"},
	{Key: "today", Title: "Hôm nay"},
	{Key: "week", Title: "Tuần này"},
	{Key: "next", Title: "Tuần tới"},
	{Key: "later", Title: "Sau đó"},
	{Key: "dateless", Title: "Không nêu hạn"},
	{Key: "paused", Title: "Đang tạm dừng"},
	{Key: "asked", Title: "Được đề nghị"},
}

// Grouped puts the items of a list under their headings, keeping their order; headings
// without an item are left out.
func Grouped(items []Item, now time.Time) (all []Group) {
	today := workday.Of(now)
	sunday := today
	for sunday.Weekday() != time.Sunday {
		sunday = sunday.AddDays(1)
	}
	for n := range groups {
		g := groups[n]
		for _, i := range items {
			if i.group(now, today, sunday) == g.Key {
				g.Items = append(g.Items, i)
			}
		}
		if len(g.Items) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// The group of the tray an item stands in: by what to do about it, before by when.
func (i *Item) group(now time.Time, today, sunday workday.Date) string {
	last := workday.Due{At: i.DueAt}.Last()
	switch {
	case i.Request:
		return "asked"
	case i.Fate == duty.Suspended:
		return "paused"
	case i.DueAt.IsZero():
		return "dateless"
	case i.Missed(now):
		return "overdue"
	case !last.After(today):
		return "today"
	case !last.After(sunday):
		return "week"
	case !last.After(sunday.AddDays(7)):
		return "next"
	}
	return "later"
}
