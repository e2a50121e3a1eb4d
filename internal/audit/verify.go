package audit

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Check says what Verify compares the log with.
type Check struct {
	// Key is the public key that an outsider kept; one that was changed since leads to
	// today's over the changes that it signed. When empty, the witness folder's is
	// taken, else the server's own, and the report says so.
	Key string
	// Witness is the folder an outsider kept; empty for inner consistency only.
	Witness string
	// Hashes recomputes the hashes of the named entries from their stored bytes; one
	// that does not exist is absent.
	Hashes func(tx *db.Tx, refs []string) (map[string]Hash, error)
	// Refs returns at most limit refs of existing entries behind the ref after, in any
	// fixed order of the caller's; "" starts, an empty page ends.
	Refs func(tx *db.Tx, after string, limit int) ([]string, error)
	// Progress, when set, hears how much of the work is done.
	Progress func(done, total int64)
}

// verifyChunk is how many positions are read in one view: whole tiles.
const verifyChunk = 4 * tileWidth

// Verify compares every entry with its leaf, the leaves with the tiles, the tiles with
// the signed checkpoint, and all with the witness folder. What does not hold is in the
// report; an error means that the check itself could not be done. It may run beside
// writers: what is sealed does not change, so it needs no long snapshot.
func Verify(ctx context.Context, d *db.DB, c Check) (r *Report, err error) {
	defer fault.Wrap(&err, "verify log")
	v := &verifier{Check: c, db: d, r: &Report{}}
	steps := []func(context.Context) error{v.start, v.loadWitness, v.readLog, v.judgeTree, v.waiting, v.entries}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return v.r, nil
}

// One run of the verifier, with what it has read so far.
type verifier struct {
	Check
	db *db.DB
	r  *Report

	keys    ring
	notes   []string // changes of the key as the store has them
	head    head
	mark    Mark // what the checkpoint says; zero when its signature fails
	signed  bool
	witness witness
	tiles   edge           // the tree over what tile level 0 holds
	leaves  edge           // the tree over the entries as they stand now
	holes   bool           // a position without leaf or tile: leaves or tiles give no root
	short   bool           // the log is shorter than the checkpoint says
	broken  map[int64]bool // positions whose leaf row and entry do not agree
	inner   comparison     // sealed: the tiles
	outer   comparison     // sealed: the witness
	lost    map[tlog.Hash]int64
	upper   []upperTile // the tiles above the leaves as the leaves give them
	done    int64
}

// A tile above the leaves, as it is recomputed.
type upperTile struct {
	level int
	n     int64
	bytes []byte
}

// start reads the head and opens its checkpoint.
func (v *verifier) start(ctx context.Context) error {
	var own string
	beyond := []Leaf{}
	err := v.db.View(ctx, func(tx *db.Tx) (err error) {
		if own, err = Verifier(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if v.notes, err = changeNotes(tx); err != nil {
			return err
		}
		v.head, err = readHead(tx)
		if errors.Is(err, fault.NotFound) {
			v.r.add(Damaged, "", -1, "Nhật ký mất dòng ghi số mục và dấu tổng.")
		} else if err != nil {
			return err
		}
		beyond, err = ByPosition(tx, v.head.size, keptFindings)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.chooseKey(own); err != nil {
		return err
	}
	v.r.Size, v.lost, v.broken = v.head.size, map[tlog.Hash]int64{}, map[int64]bool{}
	for _, l := range beyond {
		v.r.add(Damaged, l.Ref, l.Seq, "Mục %s có vị trí %d mà nhật ký chỉ ghi %d mục.", l.Ref, l.Seq, v.head.size)
	}
	v.openHead()
	return nil
}
