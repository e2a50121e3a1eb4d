package crash

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"
)

// The acts of one life, in their order, by the event that each leaves.
var acts = []string{"petition.raised", "matter.directed", "petition.answered", "petition.settled"}

// A ledger holds what the server acknowledged.
type ledger struct {
	mu    sync.Mutex
	cases map[string]*life
	done  map[string]int // how many acknowledged, by act
}

// A life is one petition as its client knows it.
type life struct {
	id    string
	acked map[string]bool
	file  string // hash of the file sent with it; "" none
}

// note keeps an acknowledged act.
func (l *ledger) note(title, id, act, file string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.cases[title]
	if x == nil {
		x = &life{id: id, acked: map[string]bool{}, file: file}
		l.cases[title] = x
	}
	x.acked[act] = true
	l.done[act]++
}

// A client lives petitions one after the other, each act under a key of its own, and
// sends an act again under the same key until it is answered.
type client struct {
	t       *testing.T
	http    *http.Client
	base    string
	n       int
	rude    bool // hangs up at random moments, and leaves some cases where they are
	ledger  *ledger
	commune unit
	lead    unit
	field   string
	made    int
}

func (c *client) run(ctx context.Context) {
	for ctx.Err() == nil {
		c.made++
		c.live(ctx, fmt.Sprintf("Vướng mắc số %d của máy trạm %d", c.made, c.n))
	}
}

// live takes one petition from its raising to its end, or as far as it comes.
func (c *client) live(ctx context.Context, title string) {
	var hash string
	body := map[string]any{"title": title, "text": "Máy quét của bộ phận một cửa hỏng, xã đã gọi bảo hành ba lần.", "field": c.field,
		"tried": "Xã đã gọi bảo hành."}
	if c.made%8 == 1 {
		up, ok := c.upload(ctx, title)
		if !ok {
			return
		}
		body["attachments"], hash = []string{up["id"].(string)}, up["hash"].(string)
	}
	raised, ok := c.act(ctx, c.commune.Token, "/api/v1/petitions", title+"/raise", body)
	if !ok {
		return
	}
	id := raised["id"].(string)
	c.ledger.note(title, id, acts[0], hash)
	at := "/api/v1/petitions/" + id
	for i, next := range []struct {
		token, path string
		body        map[string]any
	}{
		{c.lead.Token, at + "/direct", map[string]any{"officer": c.lead.Officer, "instruction": "Xem và trả lời ngay."}},
		{c.lead.Token, at + "/answer", map[string]any{"text": "Đã cấp máy mới trong tuần.", "outcome": "resolved"}},
		{c.commune.Token, at + "/settle", map[string]any{"settled": true}},
	} {
		if c.rude && rand.IntN(8) == 0 {
			return
		}
		if _, ok := c.act(ctx, next.token, next.path, fmt.Sprintf("%s/%d", title, i), next.body); !ok {
			return
		}
		c.ledger.note(title, id, acts[i+1], "")
	}
}

// act sends one act until it is acknowledged; ok is false when the time is over first. A
// refusal is a fault: every case belongs to one client, so nothing it sends can be wrong.
func (c *client) act(ctx context.Context, token, path, key string, body map[string]any) (out map[string]any, ok bool) {
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Error(err)
		return nil, false
	}
	key = fmt.Sprintf("%x", key)
	for ctx.Err() == nil {
		status, answer, err := c.send(ctx, token, path, key, "application/json", raw)
		switch {
		case err != nil || status >= 500 || status == http.StatusTooManyRequests:
			pause(ctx, time.Duration(rand.IntN(40))*time.Millisecond)
		case status >= 300:
			c.t.Errorf("%s (%s): %d %s", path, body["title"], status, answer)
			return nil, false
		default:
			if err := json.Unmarshal(answer, &out); err != nil {
				c.t.Errorf("%s: %v: %s", path, err, answer)
				return nil, false
			}
			return out, true
		}
	}
	return nil, false
}

// send makes one request; a rude client often goes away before the answer comes.
func (c *client) send(ctx context.Context, token, path, key, media string, raw []byte) (status int, answer []byte, err error) {
	limit := 15 * time.Second
	if c.rude && rand.IntN(2) == 0 {
		limit = time.Duration(rand.IntN(30000)) * time.Microsecond
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", media)
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	a, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer a.Body.Close()
	answer, err = io.ReadAll(a.Body)
	return a.StatusCode, answer, err
}

// upload sends a file ahead of its act. It has no key: a repeat is another upload.
func (c *client) upload(ctx context.Context, title string) (out map[string]any, ok bool) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "ghi chú.txt")
	if err == nil {
		_, err = io.WriteString(part, title+", ảnh chụp màn hình gửi sau.")
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.t.Error(err)
		return nil, false
	}
	for ctx.Err() == nil {
		status, answer, err := c.send(ctx, c.commune.Token, "/api/v1/uploads", "", w.FormDataContentType(), form.Bytes())
		if err == nil && status == http.StatusCreated {
			err = json.Unmarshal(answer, &out)
			return out, err == nil
		}
		if err == nil && status < 500 {
			c.t.Errorf("upload: %d %s", status, answer)
			return nil, false
		}
		pause(ctx, time.Duration(rand.IntN(40))*time.Millisecond)
	}
	return nil, false
}

// fields returns a field of each of the departments, out of the province's table.
func fields(t *testing.T, departments []unit) (pairs []struct {
	lead  unit
	field string
}) {
	t.Helper()
	f, err := os.Open("../../data/domains.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range departments {
		for _, r := range rows[1:] {
			if r[3] == d.Unit {
				pairs = append(pairs, struct {
					lead  unit
					field string
				}{d, r[0]})
				break
			}
		}
	}
	if len(pairs) == 0 {
		t.Fatal("no department on a path of one step has a field")
	}
	return pairs
}
