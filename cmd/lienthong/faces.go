package main

import (
	"context"
	"log/slog"
	"net/http"

	"lienthong/internal/api"
	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/live"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/internal/upload"
	"lienthong/internal/web"
)

// newFace puts the pages and the JSON face on one mux.
func newFace(ctx context.Context, d *db.DB, files *blob.Store, keeper *signin.Keeper, hub *live.Hub, log *slog.Logger, lib *regulation.Library, accounts []trial) (*web.Server, error) {
	paper, err := desk()
	if err != nil {
		return nil, err
	}
	// kinds and keys are the program's own lists: the faces are given them
	s := &web.Server{DB: d, Blobs: files, Keeper: keeper, Hub: hub, Desk: paper, Library: lib, Keys: keys(), Log: log, Version: version()}
	s.Says = notices()
	s.Adopt = func(tx *db.Tx, rb *regulation.Rulebook, by string) error { return adopt(tx, lib, rb, by) }
	err = d.View(ctx, func(tx *db.Tx) error {
		rb, err := regulation.Current(tx)
		if err != nil {
			return err
		}
		s.Office = rb.Name()
		if s.Times, err = web.LoadTimes(tx); err != nil {
			return err
		}
		s.Upload, err = upload.Load(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	// a trial shows its accounts at the door; a serving office never does
	if accounts != nil {
		s.Trial = &web.Trial{Password: demoPassword}
		for _, t := range accounts {
			s.Trial.Accounts = append(s.Trial.Accounts, web.TrialAccount{Login: t.Login, Name: t.Name, Post: t.Post, Unit: t.Unit})
		}
	}
	// under the same door and mux: both faces call the same operations with the same
	// rights
	json, err := api.New(api.Config{DB: d, Blob: files, Door: keeper, Desk: paper, Duties: duties(), Events: events(), Library: lib, Log: log, Version: version()})
	if err != nil {
		return nil, err
	}
	for _, pattern := range api.Patterns {
		s.Mount(pattern, json)
	}
	return s, nil
}

// mux is the program's own mux over a store, for the stories.
func mux(ctx context.Context, d *db.DB, files *blob.Store, lib *regulation.Library) (http.Handler, error) {
	keeper, err := signin.New(ctx, d)
	if err != nil {
		return nil, err
	}
	s, err := newFace(ctx, d, files, keeper, live.New(openPages), slog.New(slog.DiscardHandler), lib, nil)
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
}
