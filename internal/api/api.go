// Package api is the JSON face: /api/v1 for other programs of the office, with the
// document that describes it, and what watches a node (/healthz, /readyz, /metrics).
//
// A program acts as the officer of its bearer token, with his rights and no more. A
// request that changes something is one transaction and one operation of a slice, as
// on the pages; refusals come back as problem details (RFC 9457) in Vietnamese. The
// bodies are this package's own structs: a slice may rename a field without breaking
// anybody outside. The package decides nothing about cases.
//
// The document is made of these structs by huma's schemas; requests are read by
// read.go, because what an officer's program did wrong has to be said in Vietnamese
// and by the name of the field.
package api

import (
	"log/slog"
	"net/http"
	"net/netip"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
)

// A Config is what the face stands on. All but Address, Log, Library and Version is required.
type Config struct {
	DB     *db.DB         // the one store
	Blob   *blob.Store    // bytes of attachments
	Door   *signin.Keeper // tokens, limits, who may in
	Desk   signoff.Desk   // papers on their way, shared with the pages
	Duties duty.Kinds     // what a duty's act is called, and which must have a date
	// Library is the texts and profiles of this program; nil: their decisions are entered by
	// command only.
	Library *regulation.Library
	// Events names the kinds of events in Vietnamese, for the history.
	Events map[string]string
	// Address is where a request comes from; nil takes what signin.From noted, else the
	// connection's end.
	Address func(r *http.Request) netip.Addr
	Log     *slog.Logger // without secrets: see signin.redactor
	Version string       // of the program, for the document
}

// A Server answers the routes of the JSON face. It is safe for use by many goroutines.
type Server struct {
	Config
	mux      *http.ServeMux // knows each route once, by method and path
	routes   []route        // the OpenAPI document is made of these
	document []byte         // /openapi.json
	meters   *meters        // one a route, since the start
	ready    readiness      // what the last look of /ready found
}

// New returns the face with its routes. The document is written once, here; a route
// that cannot be described is a fault of the program.
func New(c Config) (*Server, error) {
	if c.Address == nil {
		c.Address = connection
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Config: c, mux: http.NewServeMux()}
	s.routes = s.table()
	s.meters = newMeters(s)
	for i := range s.routes {
		s.mount(&s.routes[i])
	}
	var err error
	s.document, err = describe(s.routes, c.Version)
	return s, err
}

// Patterns are the routes of the net/http mux that belong to this face.
var Patterns = []string{"/api/", "/openapi.json", "/healthz", "/readyz", "/metrics"}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, route := s.mux.Handler(r); route == "" {
		s.astray(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// connection is the address that the frame around this face found - behind a proxy that
// is the sender's -, else the other end of the connection.
func connection(r *http.Request) netip.Addr {
	if from := signin.Address(r.Context()); from.IsValid() {
		return from
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}
