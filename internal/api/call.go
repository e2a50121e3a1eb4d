package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/signin"
)

// A call is one request on its way.
type call struct {
	s       *Server             // shared by all requests
	r       *http.Request       // the request as it came
	w       http.ResponseWriter // written once, at the end
	ctx     context.Context     // carries the instant of arrival
	token   signin.Token        // zero on an open route
	id      string              // {id} of the path, checked
	q       url.Values          // parameters of the address, read; nil without any
	takes   filter.Set          // what the route's address takes
	version int64               // If-Match; 0 when it was not sent
	body    []byte              // as it was sent, for the key's hash
	status  int                 // what was answered
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
	if err := c.readQuery(rt); err != nil {
		return err
	}
	if rt.versioned {
		if c.version, err = ifMatch(c.r.Header.Get("If-Match")); err != nil {
			return err
		}
	}
	return c.outdated(rt, rt.do(c))
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

// Counts by network and not by address: an IPv6 caller has a whole block of addresses to come from.
func (c *call) limitAddress() error {
	from := signin.Network(c.s.Address(c.r))
	return c.s.Door.Limits.Take("a:"+from, c.s.Door.Rules().AddressRate, c.s.DB.Now(c.ctx))
}

// PostHeader lets an officer with several posts say in which one he acts.
const PostHeader = "Acting-Post"

// actor is the token's officer as he may act now, in the post the request names. An address
// that names what is not there is refused here, where every list begins to read.
func (c *call) actor(tx *db.Tx) (org.Actor, error) {
	who, err := c.acting(tx)
	if err == nil {
		err = c.takes.Known(tx, who, c.q)
	}
	return who, err
}

// acting is actor before its address is looked at.
func (c *call) acting(tx *db.Tx) (org.Actor, error) {
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

// viewSame is view for an answer that many ask for again while nothing has been committed: the
// lists and figures that programs poll. It rests on nothing but the store, the second, the
// officer, his post and the address.
func (c *call) viewSame(fn func(tx *db.Tx, who org.Actor) (body []byte, err error)) error {
	key := "api|" + string(c.token.Officer) + "|" + c.r.Header.Get(PostHeader) + "|" + c.r.URL.Path + "?" + c.r.URL.RawQuery
	var body []byte
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		v, err := tx.Same(key, func() (any, int, error) {
			who, err := c.actor(tx)
			if err != nil {
				return nil, 0, err
			}
			raw, err := fn(tx, who)
			return raw, len(raw), err
		})
		if err == nil {
			body = v.([]byte)
		}
		return err
	})
	if err != nil {
		return err
	}
	c.send(http.StatusOK, "application/json", body)
	return nil
}
