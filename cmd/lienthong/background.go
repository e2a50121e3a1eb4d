package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/blob"
	"lienthong/internal/board"
	"lienthong/internal/bulk"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/live"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
	"lienthong/internal/search"
	"lienthong/internal/signin"
	"lienthong/internal/upload"
)

// background starts what an office does by itself - seal the log, sweep the duties,
// carry what leaves, do the jobs, follow the log, begin the day - and returns the
// function that waits for all of it to end after ctx has.
func background(ctx context.Context, d *db.DB, files *blob.Store, keeper *signin.Keeper, hub *live.Hub, log *slog.Logger) (wait func()) {
	report := func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			log.Error("background", "err", err)
		}
	}
	carrier := outbox.New(d, node())
	carrier.Log = report
	report(d.View(ctx, carrier.Tune)) // what cannot be read leaves the shipped waits
	spreader := channels(d, carrier)
	folders := exchangeFolders(ctx, d, carrier, files, report)
	// what an earlier run of the program left half done goes on here
	runner := newRunner(d, files)
	runner.Log = report
	scanner := upload.Again{DB: d, Files: files, Node: node()}
	cleaner := upload.Cleaner{DB: d, Files: files, Node: node()}
	many := bulk.Worker{DB: d, Node: node()}
	sweeper := duty.Sweeper{DB: d, Kinds: duties(), Node: node()}
	var all sync.WaitGroup
	for _, run := range []func(){
		func() { report(audit.Run(ctx, d)) },
		func() { sweeper.Run(ctx, report) },
		func() { carrier.Worker(ctx) },
		func() { runner.Worker(ctx) },
		func() { scanner.Run(ctx, report) },
		func() { cleaner.Run(ctx, report) },
		func() { many.Run(ctx, report) },
		func() { report(board.Follower(d).Run(ctx)) },
		func() { report(route.Follower(d).Run(ctx)) },
		func() { report(search.Indexer(d, searched()...).Run(ctx)) },
		func() { keeper.Run(ctx, report) },
		func() { hub.Run(ctx) },
		func() { days(ctx, d, report) },
		func() { spreader.Run(ctx, report) },
		func() { report(channel.Follower(d).Run(ctx)) },
		func() { takeIn(ctx, d, files, folders, report) },
		func() { sendOut(ctx, d, folders, report) },
	} {
		all.Go(run)
	}
	return all.Wait
}

// channels tells the carrier how mail and webhooks are handed over, before it runs, and
// returns what takes notices to them.
func channels(d *db.DB, carrier *outbox.Carrier) *channel.Spreader {
	carrier.Define(channel.MailKind, (&channel.Mailer{DB: d, Duties: duties(), Says: notices()}).Send)
	carrier.Define(channel.HookKind, (&channel.Sender{DB: d, Says: notices()}).Send)
	return &channel.Spreader{DB: d, Node: node(), Wake: carrier.Wake}
}

// turnEvery is how often the office looks whether its day has turned. It is no date of
// anything: what begins or ends on a day does so in the first minutes of it.
const turnEvery = 5 * time.Minute

// days brings what begins and ends on a day up to today: posts and covers, and the
// overseers whom a rule names from today on.
func days(ctx context.Context, d *db.DB, report func(error)) {
	for {
		report(newDay(ctx, d))
		select {
		case <-ctx.Done():
			return
		case <-time.After(turnEvery):
		}
	}
}

// newDay turns the day in one transaction, and asks the rules who oversees from today
// on.
func newDay(ctx context.Context, d *db.DB) error {
	return d.Update(ctx, func(tx *db.Tx) error {
		if _, err := org.Turn(tx); err != nil {
			return err
		}
		rb, err := regulation.Current(tx)
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return oversee(tx, rb)
	})
}
