// Package web is the face that officers see: pages drawn on the server, forms that are
// sent, and one stream that says when a page is old.
//
// A request runs through one frame (handle.go): the instant of arrival, who sends it
// and from where, the operation in one transaction (session.go), and the only place
// where a failure becomes a status and a page (errors.go). One file holds the pages of
// one group of screens; none of them knows a rule, a date or a right: they ask the
// operations below and draw what these return.
package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/live"
	"lienthong/internal/regulation"
	"lienthong/internal/setting"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
	"lienthong/internal/web/static"
)

// A Server is the web face of one node. Set the fields, then call Handler or Serve.
type Server struct {
	DB      *db.DB
	Blobs   *blob.Store // files of cases
	Keeper  *signin.Keeper
	Hub     *live.Hub // tells open pages that something changed
	Upload  upload.Rules
	Desk    signoff.Desk                                              // the kinds of papers that units write here
	Library *regulation.Library                                       // texts and profiles of this program; nil: only the rulebook in force is shown
	Keys    []regulation.Key                                          // the rule keys that the program declares, for the dry run of an adoption
	Adopt   func(tx *db.Tx, rb *regulation.Rulebook, by string) error // makes a rulebook current; nil: only the command line does
	Says    channel.Says                                              // the sentences of the kinds of notice; nil: those this package knows
	Log     *slog.Logger
	Office  string         // whose system it is: "Tỉnh Phú Thọ"
	Version string         // of the program
	Trial   *Trial         // accounts to try, in a demonstration; nil in an office
	Times   Times          // how long a connection may take
	TLS     bool           // this node itself speaks TLS
	Proxies []netip.Prefix // whose X-Forwarded headers are believed

	mux     *http.ServeMux              // all pages
	cross   *http.CrossOriginProtection // refuses forms sent by other sites
	reports reports                     // what browsers refused to run
}

// A Trial is what a demonstration shows at the door.
type Trial struct {
	Password string
	Accounts []TrialAccount
}

// A TrialAccount is one officer of a demonstration.
type TrialAccount struct{ Login, Name, Post, Unit string }

// routes lists every page, in one place.
func (s *Server) routes() {
	s.work()
	s.incidents()
	s.overview()
	s.settingRoutes()
	s.channelRoutes()
	s.adoptionRoutes()

	s.open("GET /signin", s.signInPage)
	s.open("POST /signin", s.signIn)
	s.at(signin.Code, "GET /signin/code", s.codePage)
	s.at(signin.Code, "POST /signin/code", s.code)
	s.open("GET /signout", s.signOutPage)
	s.open("POST /signout", s.signOut)
	s.at(signin.Enrol, "GET /second", s.secondPage)
	s.at(signin.Enrol, "GET /second/qr.png", s.secondPicture)
	s.at(signin.Enrol, "POST /second/offer", s.secondOffer)
	s.at(signin.Enrol, "POST /second", s.secondConfirm)
	s.at(signin.Password, "GET /password", s.passwordPage)
	s.at(signin.Password, "POST /password", s.password)

	s.handle("GET /profile", s.profile)
	s.handle("POST /post", s.choosePost)
	s.handle("POST /profile/sessions/{session}/end", s.endSession)
	s.handle("POST /profile/everywhere", s.endEverywhere)
	s.handle("POST /profile/tokens/{token}/revoke", s.revokeToken)
	s.handle("GET /documents/{document}", s.document)
	s.pieceRoutes()
	s.handle("GET /live", s.stream)
	s.open("GET /help/keys", s.keysPage)
	s.open("POST /csp-report", s.cspReport)
	s.open("/", s.nowhere)
}

// Handler returns the pages as one handler; others may be put beside them with Mount.
func (s *Server) Handler() http.Handler {
	s.build()
	return s.mux
}

// Mount puts another face (the JSON one, health, metrics) under a pattern of the mux,
// inside the part of the frame that all share: arrival, address, headers, log.
func (s *Server) Mount(pattern string, h http.Handler) {
	s.build()
	s.mux.Handle(pattern, s.outer(func(w *response, r *http.Request) { h.ServeHTTP(w, r) }))
}

func (s *Server) build() {
	if s.mux != nil {
		return
	}
	s.mux = http.NewServeMux()
	s.cross = http.NewCrossOriginProtection()
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	s.mux.Handle("GET "+static.Prefix, static.Handler())
	s.routes()
}

// Times are how long a connection may take: the settings http.header, http.body,
// http.answer, http.idle and http.stop. Lines in the communes are slow: a body may come
// slowly, a header may not. A zero is the time as it is shipped.
type Times struct{ Header, Body, Answer, Idle, Stop time.Duration }

// LoadTimes reads the office's own settings.
func LoadTimes(tx *db.Tx) (t Times, err error) {
	all, err := setting.Values(tx, "http.")
	if err != nil {
		return t, err
	}
	span := func(name string) time.Duration { return time.Duration(setting.Number(all, "http."+name)) }
	return Times{span("header"), span("body"), span("answer"), span("idle"), span("stop")}, nil
}

// headerSize is how many bytes the head of a request may have.
const headerSize = 64 << 10

// Serve answers on l until ctx ends, then lets running requests finish. With the names
// of a certificate and its key it speaks TLS.
func (s *Server) Serve(ctx context.Context, l net.Listener, cert, key string) error {
	t := s.Times
	srv := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: cmp.Or(t.Header, setting.Shipped("http.header")), ReadTimeout: cmp.Or(t.Body, setting.Shipped("http.body")),
		WriteTimeout: cmp.Or(t.Answer, setting.Shipped("http.answer")), IdleTimeout: cmp.Or(t.Idle, setting.Shipped("http.idle")), MaxHeaderBytes: headerSize,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() {
		if cert != "" {
			ended <- srv.ServeTLS(l, cert, key)
			return
		}
		ended <- srv.Serve(l)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(t.Stop, setting.Shipped("http.stop")))
	defer cancel()
	err := srv.Shutdown(stop)
	if serveErr := <-ended; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	return err
}
