package api

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"lienthong/internal/db"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// inboxItem is one running duty in a list of what must be done.
type inboxItem struct {
	Line
	Rule        string `json:"rule"`
	Say         string `json:"say" doc:"việc phải làm, bằng lời"`
	State       string `json:"state"` // of the case
	Owner       string `json:"owner" doc:"đơn vị phải làm"`
	Raiser      string `json:"raiser"`
	Counterpart string `json:"counterpart"` // the unit that waits for it
	Field       string `json:"field"`
	Section     string `json:"section"` // "" while only the unit is known
	Officer     string `json:"officer" doc:"người chủ trì; rỗng khi chưa phân công"`
	For         string `json:"for" doc:"làm thay ai"`
	Round       int64  `json:"round"` // of the duty
	InnerOn     string `json:"inner_on" doc:"hạn nội bộ"`
	Request     bool   `json:"request" doc:"chỉ được đề nghị"`
	Missed      bool   `json:"missed" doc:"quá hạn chưa xong"`
	Share       string `json:"share" doc:"khi quá hạn mà nhận từ đơn vị khác: phần thời gian của đơn vị, bằng lời"`
	Step        string `json:"step" doc:"văn bản đang ở đâu trong đơn vị"`
	Version     int64  `json:"version"` // of the case, for If-Match
}

// inbox is read far more often than anything else: its JSON is appended by hand. A
// test holds it to inboxItem.
func (c *call) inbox() error {
	limit := c.limit()
	f := inbox.FilterOf(c.q)
	if c.wantsSheet() {
		return c.sheet(dutySheet(f))
	}
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		items, next, err := inbox.List(tx, who, f, c.q.Get("cursor"), limit)
		if err != nil {
			return nil, err
		}
		return c.appendPage(nil, items, next, tx.Now), nil
	})
}

// appendPage writes a list of duties.
func (c *call) appendPage(b []byte, items []inbox.Item, next string, now time.Time) []byte {
	b = slices.Grow(b, 64+len(items)*640)
	b = append(b, `{"items":[`...)
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.appendItem(b, &items[i], now)
	}
	b = append(b, `],"next":`...)
	return append(appendText(b, next), '}')
}

// Writes an item by hand into the buffer: this list is read most of all, and reflection took most of its
// time.
func (c *call) appendItem(b []byte, i *inbox.Item, now time.Time) []byte {
	b = appendMember(b, `{"id":`, string(i.Case))
	b = appendMember(b, `,"code":`, i.Code)
	b = appendMember(b, `,"title":`, i.Title)
	b = appendMember(b, `,"lead":`, string(i.Lead))
	b = appendDay(b, `,"due_on":`, i.DueOn)
	b = append(b, `,"due_at":"`...)
	if !i.DueAt.IsZero() {
		b = i.DueAt.In(workday.Office).AppendFormat(b, time.RFC3339)
	}
	b = appendMember(b, `","fate":`, string(i.Fate))
	b = appendMember(b, `,"rule":`, i.Rule)
	b = appendMember(b, `,"say":`, i.Say(c.s.Duties))
	b = appendMember(b, `,"state":`, i.State)
	b = appendMember(b, `,"owner":`, string(i.Owner))
	b = appendMember(b, `,"raiser":`, string(i.Raiser))
	b = appendMember(b, `,"counterpart":`, string(i.Counterpart))
	b = appendMember(b, `,"field":`, i.Field)
	b = appendMember(b, `,"section":`, string(i.Section))
	b = appendMember(b, `,"officer":`, string(i.Officer))
	b = appendMember(b, `,"for":`, string(i.For))
	b = strconv.AppendInt(append(b, `,"round":`...), i.Round, 10)
	b = appendDay(b, `,"inner_on":`, i.InnerOn)
	b = strconv.AppendBool(append(b, `,"request":`...), i.Request)
	b = strconv.AppendBool(append(b, `,"missed":`...), i.Missed(now))
	b = appendMember(b, `,"share":`, i.Share(now))
	b = appendMember(b, `,"step":`, i.Step())
	b = strconv.AppendInt(append(b, `,"version":`...), i.Version, 10)
	return append(b, '}')
}

// One member of an object whose name is already quoted JSON; only the text is escaped.
func appendMember(b []byte, name, text string) []byte { return appendText(append(b, name...), text) }

// A day needs no escaping: digits and dashes only.
func appendDay(b []byte, name string, d workday.Date) []byte {
	b = append(append(b, name...), '"')
	return append(append(b, d.String()...), '"')
}

// appendText writes a JSON string. Text that needs no escapes, as nearly all does, is
// copied; the rest goes to encoding/json.
func appendText(b []byte, s string) []byte {
	plain := utf8.ValidString(s)
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= ' ' && s[i] != '"' && s[i] != '\\'
	}
	if !plain {
		raw, _ := json.Marshal(s) // a string always has a JSON form
		return append(b, raw...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
