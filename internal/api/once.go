package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// update runs one operation in one transaction. With a key the same request is done
// once: a repeat is read again under today's rights.
func (c *call) update(fn func(tx *db.Tx, who org.Actor) (done, error)) error {
	d, repeated, err := c.once(fn)
	if err != nil {
		return err
	}
	return c.answered(d, repeated)
}

// once is update without the answer, for what has more to do before it says so. repeated
// says that d comes from before; it is set anew in each try, because the store may run the
// closure twice.
func (c *call) once(fn func(tx *db.Tx, who org.Actor) (done, error)) (d done, repeated bool, err error) {
	key, err := c.key()
	if err != nil {
		return d, false, err
	}
	err = c.s.DB.Update(c.ctx, func(tx *db.Tx) (err error) {
		repeated = false
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		// without a key two requests are two acts: a program that may send twice sends a
		// key
		if key == "" {
			d, err = fn(tx, who)
			return err
		}
		// in the same transaction as the act: a key without its act, or an act without
		// its key, cannot be
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
	return d, repeated, err
}

// answered writes what once gave.
func (c *call) answered(d done, repeated bool) error {
	if repeated {
		c.w.Header().Set("Idempotency-Replayed", "true")
	}
	if d.status == http.StatusCreated || d.status == http.StatusAccepted {
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
	// it is stored beside the act, so it is plain text of one line
	for _, b := range []byte(k) {
		if b < ' ' || b > '~' {
			return "", fault.Field("Idempotency-Key", "Khóa chống gửi trùng chỉ gồm chữ không dấu, chữ số và dấu câu thường.")
		}
	}
	return k, nil
}

// hash tells a repeat from another request under the same key, which is refused.
func (c *call) hash() string {
	h := sha256.Sum256(c.body)
	return hex.EncodeToString(h[:])
}

// A repeat reads again what stands at a place that an answer named: the address of a thing,
// or of the list that has it.
type repeat struct {
	at   string // how the place begins
	read func(c *call, tx *db.Tx, who org.Actor, id, place string) (done, error)
}

// ofCase and ofID are the repeats of a thing under its own id.
func ofCase(at string, fn func(c *call, tx *db.Tx, who org.Actor, id casefile.ID) (done, error)) repeat {
	return repeat{at, func(c *call, tx *db.Tx, who org.Actor, id, _ string) (done, error) {
		return fn(c, tx, who, casefile.ID(id))
	}}
}

func ofID(at string, fn func(c *call, tx *db.Tx, who org.Actor, id string) (done, error)) repeat {
	return repeat{at, func(c *call, tx *db.Tx, who org.Actor, id, _ string) (done, error) { return fn(c, tx, who, id) }}
}

// bare is a repeat that needs nothing of the call.
func bare(fn func(tx *db.Tx, who org.Actor, id string) (done, error)) func(c *call, tx *db.Tx, who org.Actor, id string) (done, error) {
	return func(_ *call, tx *db.Tx, who org.Actor, id string) (done, error) { return fn(tx, who, id) }
}

// repeats are the places that answers name; of those that fit, the longest is asked.
func repeats() []repeat {
	return []repeat{
		ofCase(petitionsPath, (*call).petitionAgain), ofCase(banksPath, (*call).bankAgain), ofCase(campaignItemsPath, (*call).campaignItemAgain),
		ofCase(campaignsPath, (*call).campaignAgain), ofCase(directivesPath, (*call).directiveAgain), ofCase(assignmentsPath, (*call).assignmentAgain),
		ofCase(incidentsPath, (*call).incidentAgain), ofCase(groupsPath, (*call).groupAgain), ofCase(worksPath, (*call).workAgain),
		ofCase(programmesPath, (*call).programmeAgain), ofCase(publicationsPath, (*call).publicationAgain), ofCase(scoresPath, (*call).scoreAgain),
		ofID(hooksPath, (*call).hookAgain), ofID(lettersPath, (*call).letterDone), ofID(feedsPath, (*call).feedAgain), ofID(papersPath, (*call).paperAgain),
		ofID(bulksPath, (*call).bulkAgain), ofID(seriesPath, (*call).seriesAgain), ofID(exchangePath, (*call).documentAgain),
		ofID(settingsPath, bare(settingDone)), ofID(exportsPath, bare(exportDone)), ofID(importsPath, bare(importDone)),
		ofID(exchangeUnitsPath, bare(func(tx *db.Tx, _ org.Actor, id string) (done, error) { return exchangeUnitDone(tx, org.UnitID(id)) })),
		ofID(viewsPath, bare(func(tx *db.Tx, who org.Actor, _ string) (done, error) { return viewsDone(tx, who, "") })),
		ofID(decisionsPath, func(c *call, tx *db.Tx, who org.Actor, _ string) (done, error) { return c.decided(tx, who) }),
		{accountsPath, func(c *call, tx *db.Tx, who org.Actor, _, place string) (done, error) {
			return c.accountAgain(tx, who, place)
		}},
		{banksPath + "texts", func(_ *call, tx *db.Tx, _ org.Actor, _, place string) (done, error) {
			out, err := endedPage(tx)
			return done{location: place, body: &out}, err
		}},
	}
}

// again answers a repeat from what stands now at the place that the first answer named.
func (c *call) again(tx *db.Tx, who org.Actor, seen *db.Receipt) (d done, err error) {
	// only the place was kept, not the answer: who may no longer read the case learns
	// nothing
	place := seen.Location
	if base, ok := strings.CutSuffix(place, "/copied"); ok && strings.HasPrefix(base, banksPath) {
		d, err = c.copiedAgain(tx, who)
		d.status = seen.Status
		return d, err
	}
	var best repeat
	for _, r := range repeats() {
		if strings.HasPrefix(place, r.at) && len(r.at) > len(best.at) {
			best = r
		}
	}
	if best.read == nil {
		return d, fmt.Errorf("no way to read %q again", place)
	}
	d, err = best.read(c, tx, who, place[strings.LastIndexByte(place, '/')+1:], place)
	d.status = seen.Status
	return d, err
}
