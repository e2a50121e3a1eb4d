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

// again answers a repeat from what stands now at the place that the first answer named.
func (c *call) again(tx *db.Tx, who org.Actor, seen *db.Receipt) (d done, err error) {
	// only the place was kept, not the answer: who may no longer read the case learns
	// nothing
	id := seen.Location[strings.LastIndexByte(seen.Location, '/')+1:]
	switch {
	case strings.HasPrefix(seen.Location, petitionsPath):
		d, err = c.petitionAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, banksPath+"texts"):
		out, e := endedPage(tx)
		d, err = done{location: seen.Location, body: &out}, e
	case strings.HasPrefix(seen.Location, banksPath) && strings.HasSuffix(seen.Location, "/copied"):
		d, err = c.copiedAgain(tx, who)
	case strings.HasPrefix(seen.Location, banksPath):
		d, err = c.bankAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, campaignItemsPath):
		d, err = c.campaignItemAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, campaignsPath):
		d, err = c.campaignAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, directivesPath):
		d, err = c.directiveAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, seriesPath):
		d, err = c.seriesAgain(tx, who, id)
	case strings.HasPrefix(seen.Location, assignmentsPath):
		d, err = c.assignmentAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, incidentsPath):
		d, err = c.incidentAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, groupsPath):
		d, err = c.groupAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, hooksPath):
		d, err = c.hookAgain(tx, who, id)
	case strings.HasPrefix(seen.Location, lettersPath):
		d, err = c.letterDone(tx, who, id)
	case strings.HasPrefix(seen.Location, worksPath):
		d, err = c.workAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, programmesPath):
		d, err = c.programmeAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, feedsPath):
		d, err = c.feedAgain(tx, who, id)
	case strings.HasPrefix(seen.Location, papersPath):
		d, err = c.paperAgain(tx, who, id)
	case strings.HasPrefix(seen.Location, accountsPath):
		d, err = c.accountAgain(tx, who, seen.Location)
	case strings.HasPrefix(seen.Location, settingsPath):
		d, err = settingDone(tx, who, id)
	case strings.HasPrefix(seen.Location, decisionsPath):
		d, err = c.decided(tx, who)
	case strings.HasPrefix(seen.Location, exportsPath):
		d, err = exportDone(tx, who, id)
	case strings.HasPrefix(seen.Location, importsPath):
		d, err = importDone(tx, who, id)
	case strings.HasPrefix(seen.Location, publicationsPath):
		d, err = c.publicationAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, bulksPath):
		d, err = c.bulkAgain(tx, who, id)
	case strings.HasPrefix(seen.Location, viewsPath):
		d, err = viewsDone(tx, who, "")
	case strings.HasPrefix(seen.Location, scoresPath):
		d, err = c.scoreAgain(tx, who, casefile.ID(id))
	case strings.HasPrefix(seen.Location, exchangeUnitsPath):
		d, err = exchangeUnitDone(tx, org.UnitID(id))
	case strings.HasPrefix(seen.Location, exchangePath):
		d, err = c.documentAgain(tx, who, id)
	default:
		err = fmt.Errorf("no way to read %q again", seen.Location)
	}
	d.status = seen.Status
	return d, err
}
