package web

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"lienthong/internal/web/static"
)

// formsPath is the folder whose forms can be opened again without a line; no list lies in it.
const formsPath = "/petitions/"

//go:embed form_worker.js
var formWorker string

// formScript is the worker of the forms that raise and answer a petition. It is the same for
// everybody and needs no session: a worker that may not be renewed would never go away.
func (s *Server) formScript(w http.ResponseWriter, _ *http.Request) error {
	assets := static.Fonts()
	for _, name := range []string{"app.css", "app.js", "lines.js", "htmx.min.js", "favicon.svg"} {
		assets = append(assets, static.URL(name))
	}
	return s.worker(w, assets, formWorker)
}

// worker writes a worker's script with what it keeps. Its version is that of the files it
// keeps: with a new program an old cache goes.
func (s *Server) worker(w http.ResponseWriter, assets []string, script string) error {
	list, err := json.Marshal(assets)
	if err != nil {
		return err
	}
	version, err := json.Marshal(s.Version + strings.Join(assets, ""))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, err = w.Write([]byte("\"use strict\";\nconst version = " + string(version) + ";\nconst assets = " + string(list) + ";\n" + script))
	return err
}
