package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
)

// A call is one request on its way.
type call struct {
	s       *Server
	r       *http.Request
	w       http.ResponseWriter
	ctx     context.Context // carries the instant of arrival
	token   signin.Token    // zero on an open route
	id      string          // {id} of the path, checked
	version int64           // If-Match; 0 when it was not sent
	body    []byte          // as it was sent, for the key's hash
	status  int             // what was answered
}

// mount puts a route on the mux. It is the only place where a failure becomes a status.
func (s *Server) mount(rt *route) {
	meter := s.meters.of(rt)
	s.mux.HandleFunc(rt.method+" "+rt.path, func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		c := &call{s: s, r: r, w: w, ctx: db.Arrived(r.Context(), s.DB.Now(r.Context())), status: http.StatusOK}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := c.run(rt); err != nil {
			c.fail(err)
		}
		took := time.Since(began)
		meter.seen(c.status, took)
		s.Log.Debug("api", "route", rt.path, "method", rt.method, "status", c.status, "ms", took.Milliseconds(), "officer", string(c.token.Officer))
	})
}

// run lets the sender in and does what the route says; a panic is an error like another.
func (c *call) run(rt *route) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", rt.path, p, debug.Stack())
		}
	}()
	if rt.open {
		if err := c.limitAddress(); err != nil {
			return err
		}
	} else if err := c.enter(); err != nil {
		return err
	}
	if strings.Contains(rt.path, "{id}") {
		// Whatever is no id names nothing; a tracking code is no id.
		if c.id = c.r.PathValue("id"); !db.ValidID(c.id) {
			return fault.NotFound
		}
	}
	if err := c.checkQuery(rt); err != nil {
		return err
	}
	if rt.versioned {
		if c.version, err = ifMatch(c.r.Header.Get("If-Match")); err != nil {
			return err
		}
	}
	return rt.do(c)
}

// enter finds the token's officer. A sender without a good token is limited by his
// address, so that guessing costs time.
func (c *call) enter() error {
	secret, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		secret = ""
	}
	t, err := c.s.Door.Token(c.ctx, signin.Secret(strings.TrimSpace(secret)))
	if err != nil {
		if !errors.Is(err, fault.SignedOut) {
			return err
		}
		if limited := c.limitAddress(); limited != nil {
			return limited
		}
		if secret == "" {
			return fault.Refuse(fault.SignedOut, "Yêu cầu này cần mã truy cập: gửi kèm đầu mục Authorization: Bearer <mã>.")
		}
		return err
	}
	c.token = t
	return c.s.Door.Allow(t, c.s.DB.Now(c.ctx))
}

func (c *call) limitAddress() error {
	from := signin.Network(c.s.Address(c.r))
	return c.s.Door.Limits.Take("a:"+from, c.s.Door.Rules().AddressRate, c.s.DB.Now(c.ctx))
}

// PostHeader lets an officer with several posts say in which one he acts.
const PostHeader = "Acting-Post"

// actor is the token's officer as he may act now, in the post the request names.
func (c *call) actor(tx *db.Tx) (org.Actor, error) {
	who, err := org.ActorOf(tx, c.token.Officer)
	if err != nil {
		return who, err
	}
	post := c.r.Header.Get(PostHeader)
	if post == "" {
		return who, nil
	}
	for _, p := range who.Posts {
		if string(p.ID) == post {
			return who.As(p), nil
		}
	}
	return who, fault.Refuse(fault.Denied, "Anh/chị không giữ chức danh nêu ở đầu mục %s.", PostHeader)
}

// ifMatch reads the version a sender saw: the tag of an answer, or * for any.
func ifMatch(h string) (int64, error) {
	if h == "" || h == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.Trim(h, `"`), 10, 64)
	if err != nil || n < 1 || len(h) < 3 || h[0] != '"' || h[len(h)-1] != '"' {
		return 0, fault.Field("If-Match", "Đầu mục If-Match phải là một nhãn phiên bản như \"3\", lấy từ ETag của lần đọc trước.")
	}
	return n, nil
}

func tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// A done is what a changing request answers.
type done struct {
	status   int
	location string // of what was made or changed; also where a repeat is read again
	version  int64
	body     any
}

// view reads with one snapshot and answers it; version 0 gives no ETag.
func (c *call) view(fn func(tx *db.Tx, who org.Actor) (body any, version int64, err error)) error {
	var body any
	var version int64
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		body, version, err = fn(tx, who)
		return err
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, version, body)
}

// update runs one operation in one transaction. With a key the same request is done
// once: a repeat is read again under today's rights.
func (c *call) update(fn func(tx *db.Tx, who org.Actor) (done, error)) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	var d done
	var repeated bool
	err = c.s.DB.Update(c.ctx, func(tx *db.Tx) (err error) {
		repeated = false
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		if key == "" {
			d, err = fn(tx, who)
			return err
		}
		seen, err := tx.Once(key, string(c.token.Officer), c.r.Method+" "+c.r.URL.Path, c.hash())
		if err != nil {
			return err
		}
		if seen != nil {
			repeated = true
			d, err = c.again(tx, who, seen)
			return err
		}
		if d, err = fn(tx, who); err != nil {
			return err
		}
		return tx.Answered(key, string(c.token.Officer), db.Receipt{Status: d.status, Location: d.location, Version: d.version})
	})
	if err != nil {
		return err
	}
	if repeated {
		c.w.Header().Set("Idempotency-Replayed", "true")
	}
	if d.status == http.StatusCreated {
		c.w.Header().Set("Location", d.location)
	}
	return c.answer(d.status, d.version, d.body)
}

// key is the request's key, which keeps it from being done twice.
func (c *call) key() (string, error) {
	k := c.r.Header.Get("Idempotency-Key")
	if len(k) > 200 {
		return "", fault.Field("Idempotency-Key", "Khóa chống gửi trùng dài quá 200 ký tự.")
	}
	for _, b := range []byte(k) {
		if b < ' ' || b > '~' {
			return "", fault.Field("Idempotency-Key", "Khóa chống gửi trùng chỉ gồm chữ không dấu, chữ số và dấu câu thường.")
		}
	}
	return k, nil
}

func (c *call) hash() string {
	h := sha256.Sum256(c.body)
	return hex.EncodeToString(h[:])
}

// again answers a repeat from what stands now at the place that the first answer named.
func (c *call) again(tx *db.Tx, who org.Actor, seen *db.Receipt) (d done, err error) {
	id := seen.Location[strings.LastIndexByte(seen.Location, '/')+1:]
	switch {
	case strings.HasPrefix(seen.Location, petitionsPath):
		d, err = c.petitionAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, papersPath):
		d, err = c.paperAgain(tx, who, id)
	default:
		err = fmt.Errorf("no way to read %q again", seen.Location)
	}
	d.status = seen.Status
	return d, err
}

// answer writes a body as JSON.
func (c *call) answer(status int, version int64, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if version > 0 {
		c.w.Header().Set("ETag", tag(version))
	}
	c.send(status, "application/json", raw)
	return nil
}

// send writes the answer; what the connection says of it is no matter of ours.
func (c *call) send(status int, media string, raw []byte) {
	c.status = status
	c.w.Header().Set("Content-Type", media)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(raw)
}
