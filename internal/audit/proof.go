package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Proof shows, without the server, that an entry stands in the log under a signed
// checkpoint. Whoever has the entry's bytes compares their hash with Leaf.
type Proof struct {
	Ref        string      `json:"ref"`
	Leaf       Hash        `json:"leaf"`              // hash over the entry's bytes
	Seq        int64       `json:"seq"`               // position from 0
	Size       int64       `json:"size"`              // entries under the checkpoint
	Path       []tlog.Hash `json:"path"`              // from the leaf to the root
	Checkpoint string      `json:"checkpoint"`        // signed text
	Changes    []string    `json:"changes,omitempty"` // of the signing key, for who kept an older one
}

// Prove returns the proof of one entry under the newest checkpoint. An entry that
// still waits for its position is a fault.Conflict, an unknown ref a fault.NotFound.
func Prove(tx *db.Tx, ref string) (p Proof, err error) {
	defer fault.Wrap(&err, "prove %s", ref)
	seq, ok, err := Position(tx, ref)
	if err != nil {
		return p, err
	}
	if !ok {
		return p, fault.Refuse(fault.Conflict, "Mục này đang chờ đóng dấu. Hãy thử lại sau ít giây.")
	}
	h, err := readHead(tx)
	if err != nil {
		return p, err
	}
	path, err := tlog.ProveRecord(h.size, seq, h.reader(tx))
	if err != nil {
		return p, err
	}
	var b []byte
	if err := tx.One(`SELECT hash FROM leaf WHERE ref = $1`, []any{ref}, &b); err != nil {
		return p, err
	}
	p = Proof{Ref: ref, Seq: seq, Size: h.size, Path: path, Checkpoint: h.checkpoint}
	p.Leaf.scan(b)
	p.Changes, err = changeNotes(tx)
	return p, err
}

// VerifyProof checks a proof with nothing but the public key, the newest or one before
// it: the signature, what it signs, and the path. What does not hold is a fault.Invalid.
func VerifyProof(p Proof, verifier string) (err error) {
	defer fault.Wrap(&err, "proof of %s", p.Ref)
	keys, err := newRing(verifier, p.Changes)
	if err != nil {
		return err
	}
	m, err := keys.open(p.Checkpoint)
	if err != nil {
		return err
	}
	if m.Size != p.Size {
		return fmt.Errorf("the checkpoint covers %d entries, the proof says %d: %w", m.Size, p.Size, fault.Invalid)
	}
	if err := tlog.CheckRecord(p.Path, p.Size, m.root, p.Seq, node(p.Ref, p.Leaf)); err != nil {
		return fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	return nil
}
