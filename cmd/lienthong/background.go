package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/bank"
	"lienthong/internal/blob"
	"lienthong/internal/board"
	"lienthong/internal/bulk"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/exchange"
	"lienthong/internal/extract/propose"
	"lienthong/internal/fault"
	"lienthong/internal/live"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
	"lienthong/internal/search"
	"lienthong/internal/setting"
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
	pace := paceOf(ctx, d, report)
	if limit := pace["store.update"]; limit > 0 {
		d.LimitUpdates(limit)
	}
	spreader := channels(d, carrier)
	spreader.Every, spreader.Lease = pace["notice.spread_every"], pace["notice.spread_lease"]
	folders := exchangeFolders(ctx, d, carrier, files, report)
	// what an earlier run of the program left half done goes on here
	runner := newRunner(d, files)
	runner.Log = report
	report(d.View(ctx, runner.Tune))
	scanner := upload.Again{DB: d, Files: files, Node: node(), Every: pace["upload.ask_every"], Lease: pace["upload.ask_lease"]}
	cleaner := upload.Cleaner{DB: d, Files: files, Node: node(), Every: pace["upload.clean_every"], Lease: pace["upload.clean_lease"], Stale: pace["upload.stale"]}
	many := bulk.Worker{DB: d, Node: node(), Every: pace["bulk.every"], Lease: pace["bulk.lease"]}
	sweeper := duty.Sweeper{DB: d, Kinds: duties(), Node: node(), Every: pace["sweep.every"], Lease: pace["sweep.lease"]}
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
		func() { bank.Warm(ctx, d, report, easeCollector) },
		func() { report(search.Indexer(d, searched()...).Run(ctx)) },
		func() { keeper.Run(ctx, report) },
		func() { hub.Run(ctx) },
		func() { days(ctx, d, cmp.Or(pace["office.turn"], setting.Shipped("office.turn")), report) },
		func() { spreader.Run(ctx, report) },
		func() { report(channel.Follower(d).Run(ctx)) },
		func() { takeIn(ctx, d, files, folders, report) },
		func() { sendOut(ctx, d, folders, report) },
		func() { (&exchange.Matcher{DB: d}).Run(ctx, report) },
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
	carrier.Define(propose.SecondKind, (&propose.SecondSender{DB: d, Key: channel.ReaderKey}).Send)
	return &channel.Spreader{DB: d, Node: node(), Wake: carrier.Wake}
}

// paceOf reads every length of time that the office set. What cannot be read is told, and
// each worker goes at the pace it was shipped with: a slip in one row must not stop the
// office.
func paceOf(ctx context.Context, d *db.DB, report func(error)) map[string]time.Duration {
	pace := map[string]time.Duration{}
	report(d.View(ctx, func(tx *db.Tx) error {
		all, err := setting.Values(tx, "")
		if err != nil {
			return err
		}
		for _, s := range setting.Declared() {
			if s.Kind == setting.Span {
				pace[s.Name] = time.Duration(setting.Number(all, s.Name))
			}
		}
		return nil
	}))
	return pace
}

// days brings what begins and ends on a day up to today: posts and covers, and the
// overseers whom a rule names from today on. How often it looks is no date of anything:
// what begins or ends on a day does so in the first minutes of it.
func days(ctx context.Context, d *db.DB, every time.Duration, report func(error)) {
	for {
		report(newDay(ctx, d))
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
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
