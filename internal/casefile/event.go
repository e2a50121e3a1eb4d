package casefile

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// office is the zone of the office's days (Asia/Ho_Chi_Minh has had no change of
// clocks since 1975).
var office = time.FixedZone("+07", 7*60*60)

// AudienceParties is the audience of an event that every reader of the case may read.
// An event for the people of one unit has "u:" and its id, one for officers "o:" and
// their ids with commas between; several such readers stand behind each other with commas.
const AudienceParties = "parties"

// An Event (diễn biến) is one act on a case. What it holds is hashed when it is
// recorded and never written again; only Text can be taken out of reach later.
type Event struct {
	N          int64             // from 1, without holes
	Kind       string            // "petition.answered"
	By         org.Actor         // officer or system, post, unit, capacity
	OccurredAt time.Time         // when it happened in the office; never after RecordedAt
	RecordedAt time.Time         // not before the event happened
	Audience   string            // who reads the text; "" becomes AudienceParties
	Facts      map[string]string // public facts: numbers, dates, units, clauses
	Text       string            // free text under its own salt; "" when none or redacted
	Redacted   bool              // there was a text and it is out of reach
	Leaf       audit.Hash        // of the stored bytes
	Previous   audit.Hash        // the leaf of the case's event before; zero for the first
}

// Pairs are the facts of an event from names and values in turn, without those that are empty.
func Pairs(namesAndValues ...string) map[string]string {
	m := make(map[string]string, len(namesAndValues)/2)
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if namesAndValues[i+1] != "" {
			m[namesAndValues[i]] = namesAndValues[i+1]
		}
	}
	return m
}

// format 1 is the JSON below. A new shape gets a new number and keeps this reader.
const format = 1

// body is the hashed content of an event in format 1.
type body struct {
	Format     int               `json:"format"` // of this very shape: events are read for ever
	Case       ID                `json:"case"`
	N          int64             `json:"n"`
	Kind       string            `json:"kind"`
	Officer    org.OfficerID     `json:"officer,omitempty"`
	Name       string            `json:"name,omitempty"`
	Post       org.PostID        `json:"post,omitempty"`
	Title      string            `json:"title,omitempty"`
	Unit       org.UnitID        `json:"unit,omitempty"`
	Section    org.UnitID        `json:"section,omitempty"`
	Capacity   org.Capacity      `json:"capacity,omitempty"`
	System     string            `json:"system,omitempty"` // the part of the program, when no officer acted
	OccurredAt string            `json:"occurred_at"`      // UTC, milliseconds
	RecordedAt string            `json:"recorded_at"`
	Audience   string            `json:"audience"`
	Facts      map[string]string `json:"facts,omitempty"`
	TextHash   string            `json:"text_hash,omitempty"` // SHA-256 of salt and text
	Previous   string            `json:"previous,omitempty"`  // leaf of the case's event before
}

// head is where a case's history ends, kept for the length of one transaction.
type head struct {
	n    int64      // the last event's number
	leaf audit.Hash // and hash
	at   time.Time  // and instant
}

// The head of a case's history inside a transaction.
type headKey ID

// dest is where a row's leaf_n, leaf and leaf_at are scanned into.
func (h *head) dest() []any { return []any{&h.n, (*leafBytes)(&h.leaf), db.Instant(&h.at)} }

// leafBytes scans the 32 bytes of a leaf; NULL leaves it zero.
type leafBytes audit.Hash

// Scan implements sql.Scanner.
func (b *leafBytes) Scan(v any) error {
	if v, ok := v.([]byte); ok && len(v) == len(b) {
		copy(b[:], v)
	}
	return nil
}

// Record adds an event to the history of a case that this transaction holds (Open
// or Lock): its bytes, its text under a fresh salt, its leaf, and its link to the
// event before. clauses are those the operation carries, for the story runner.
func Record(tx *db.Tx, c *Case, e Event, clauses ...string) (n int64, err error) {
	defer fault.Wrap(&err, "record %s", e.Kind)
	if !Held(tx, c.ID) {
		return 0, fmt.Errorf("case %s is not locked", c.ID)
	}
	h, err := lastOf(tx, c.ID)
	if err != nil {
		return 0, err
	}
	b, salt, err := h.next(tx, c.ID, e)
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return 0, err
	}
	leaf := LeafOf(raw)
	now, packed := tx.Now, startPacking(tx, raw, e.Text)
	tx.Later("event", func() error {
		p := <-packed
		return tx.Put(`
		INSERT INTO event (case_id, n, kind, recorded_at, audience, bytes, leaf, salt, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			string(c.ID), b.N, b.Kind, now, b.Audience, p.bytes, leaf[:], salt, p.text)
	})
	if err := audit.Leave(tx, EntryRef(c.ID, b.N), leaf); err != nil {
		return 0, err
	}
	h.n, h.leaf, h.at = b.N, leaf, tx.Now
	tx.Trace("operation", e.Kind, clauses)
	return b.N, nil
}

// next builds the body of the event that follows h.
func (h *head) next(tx *db.Tx, id ID, e Event) (b body, salt []byte, err error) {
	if e.OccurredAt.IsZero() {
		e.OccurredAt = tx.Now
	}
	if e.OccurredAt.After(tx.Now) {
		return b, nil, fault.Field("occurred_at", "Thời điểm xảy ra không thể sau thời điểm ghi nhận.")
	}
	if e.Audience == "" {
		e.Audience = AudienceParties
	}
	b = body{
		Format: format, Case: id, N: h.n + 1, Kind: e.Kind, Officer: e.By.Officer, Name: e.By.Name,
		Post: e.By.Post.ID, Title: e.By.Post.Title, Unit: e.By.Post.Unit, Section: e.By.Post.Section,
		Capacity: e.By.Capacity, System: e.By.System, OccurredAt: db.FormatInstant(e.OccurredAt),
		RecordedAt: db.FormatInstant(tx.Now), Audience: e.Audience, Facts: e.Facts,
	}
	if h.n > 0 {
		b.Previous = base64.RawStdEncoding.EncodeToString(h.leaf[:])
	}
	if e.Text != "" {
		salt = make([]byte, 16)
		if _, err := rand.Read(salt); err != nil {
			return b, nil, err
		}
		b.TextHash = textHash(salt, e.Text)
	}
	return b, salt, nil
}

// The salt keeps a short text from being guessed by its hash after it was sealed.
func textHash(salt []byte, text string) string {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(text))
	return base64.RawStdEncoding.EncodeToString(h.Sum(nil))
}

// LeafOf returns the leaf hash of an event's stored bytes (RFC 6962: a zero byte, then the entry).
func LeafOf(raw []byte) (leaf audit.Hash) {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(raw)
	h.Sum(leaf[:0])
	return leaf
}

// EntryRef names an event in the audit log: the case's id and the event's number.
func EntryRef(id ID, n int64) string { return fmt.Sprintf("%s/%06d", id, n) }

// lastOf returns the end of the case's history, read once a transaction.
func lastOf(tx *db.Tx, id ID) (*head, error) {
	if h, ok := tx.Value(headKey(id)).(*head); ok {
		return h, nil
	}
	h := new(head)
	var leaf []byte
	err := tx.One(`SELECT n, leaf, recorded_at FROM event WHERE case_id = $1 ORDER BY n DESC LIMIT 1`,
		[]any{string(id)}, &h.n, &leaf, db.Instant(&h.at))
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	copy(h.leaf[:], leaf)
	tx.SetValue(headKey(id), h)
	return h, nil
}

// History returns, of the first limit events of a case, those whose audience includes the
// actor, oldest first. The caller has the case from Get, so the actor may read the case.
func History(tx *db.Tx, who org.Actor, id ID, limit int) (all []Event, err error) {
	// system: the caller holds the case through Get
	err = tx.All(`SELECT bytes, leaf, text, salt IS NULL FROM event WHERE case_id = $1 ORDER BY n LIMIT $2`,
		[]any{string(id), limit}, func(r *sql.Rows) error {
			e, err := scanEvent(r)
			all = append(all, e)
			return err
		})
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, e := range all {
		ok, err := hears(tx, who, e.Audience)
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// EventAt returns one event of a case that the actor may read and whose audience includes
// him; any other is a fault.NotFound.
func EventAt(tx *db.Tx, who org.Actor, id ID, n int64) (e Event, err error) {
	if _, err := Get(tx, who, id); err != nil {
		return e, err
	}
	found := false
	// system: Get has asked whether the case may be read
	err = tx.All(`SELECT bytes, leaf, text, salt IS NULL FROM event WHERE case_id = $1 AND n = $2`, []any{string(id), n}, func(r *sql.Rows) error {
		found = true
		e, err = scanEvent(r)
		return err
	})
	if err != nil {
		return Event{}, err
	}
	heard, err := hears(tx, who, e.Audience)
	if err == nil && !(found && heard) {
		err = fault.NotFound
	}
	if err != nil {
		return Event{}, err
	}
	return e, nil
}

// EventText returns the text of one event, "" when it has none or it is out of reach.
// The caller holds the case and knows the event's audience: a slice's own main text.
func EventText(tx *db.Tx, id ID, n int64) (text string, err error) {
	var s StoredText
	err = tx.One(`SELECT text FROM event WHERE case_id = $1 AND n = $2`, []any{string(id), n}, &s)
	return string(s), err
}

// An event from its stored bytes. Bare ones have no text, by their kind or because it was sealed.
func scanEvent(r *sql.Rows) (e Event, err error) {
	var raw, leaf []byte
	var text StoredText
	var bare bool
	if err := r.Scan(&raw, &leaf, &text, &bare); err != nil {
		return e, err
	}
	if raw, err = Unpack(raw); err != nil {
		return e, err
	}
	if e, err = Decode(raw); err != nil {
		return e, err
	}
	copy(e.Leaf[:], leaf)
	e.Text = string(text)
	e.Redacted = e.Redacted && bare // Decode sets it where a text hash stands
	return e, nil
}

// Decode reads the stored bytes of an event of any format this program knows.
// Redacted says that a text belongs to it; the caller has it or not.
func Decode(raw []byte) (e Event, err error) {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return e, fmt.Errorf("event bytes: %w", err)
	}
	if b.Format != format {
		return e, fmt.Errorf("event format %d is newer than this program", b.Format)
	}
	e = Event{
		N: b.N, Kind: b.Kind, Audience: b.Audience, Facts: b.Facts, Redacted: b.TextHash != "",
		By: org.Actor{Officer: b.Officer, Name: b.Name, Capacity: b.Capacity, System: b.System,
			Post: org.Post{ID: b.Post, Officer: b.Officer, Unit: b.Unit, Section: b.Section, Title: b.Title}},
	}
	previous, err := base64.RawStdEncoding.DecodeString(b.Previous)
	if err != nil {
		return e, err
	}
	copy(e.Previous[:], previous)
	if e.OccurredAt, err = db.ParseInstant(b.OccurredAt); err != nil {
		return e, err
	}
	e.RecordedAt, err = db.ParseInstant(b.RecordedAt)
	return e, err
}

// hears says whether an audience includes the actor. A unit's people are those with a
// post in it or in what it went up in; a stand-in hears what is addressed to those whose
// work he does.
func hears(tx *db.Tx, who org.Actor, audience string) (bool, error) {
	if audience == AudienceParties || who.System != "" {
		return true, nil
	}
	for _, reader := range strings.Split(audience, ",") {
		unit, ok := strings.CutPrefix(reader, "u:")
		if !ok {
			o := org.OfficerID(strings.TrimPrefix(reader, "o:"))
			if o == who.Officer || slices.Contains(who.Cover, o) {
				return true, nil
			}
			continue
		}
		now, err := org.Successor(tx, org.UnitID(unit))
		if err != nil {
			return false, err
		}
		if within(who, org.UnitID(unit)) || within(who, now) {
			return true, nil
		}
	}
	return false, nil
}

// within says whether the actor has a post in a unit or in that section.
func within(who org.Actor, unit org.UnitID) bool {
	return slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Role != org.Admin && (p.Unit == unit || p.Section == unit) })
}

// CheckText says whether a text with its salt is the one that was hashed into the
// event's bytes, stored or unpacked; the audit's verifier calls it for texts still in reach.
func CheckText(raw, salt []byte, text string) (bool, error) {
	raw, err := Unpack(raw)
	if err != nil {
		return false, err
	}
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return false, err
	}
	return b.TextHash == textHash(salt, text), nil
}
