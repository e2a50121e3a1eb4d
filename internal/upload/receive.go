package upload

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Receiver takes files in pieces. Set the fields; it keeps nothing itself, so that any
// node goes on with what another began.
type Receiver struct {
	DB    *db.DB
	Files *blob.Store
	Log   *slog.Logger
}

const (
	// saltSize is how many random bytes lead each kept piece: its bytes are then nobody
	// else's, and may be removed without asking who else has the same.
	saltSize = 32
	// leastPiece is the smallest piece that is kept before the last one: a sender that sends
	// byte by byte would fill the table instead of the disk.
	leastPiece = 8 << 10
)

// Append keeps the next bytes of the officer's file from body and returns how far it is; the
// last ones make the file whole, after it was looked at as every file is. A line that
// breaks keeps what came. A piece that begins elsewhere is an *Off; more bytes than the
// file was said to have are a fault.TooLarge and none of them is kept.
func (v Receiver) Append(ctx context.Context, officer org.OfficerID, id string, start int64, body io.Reader) (p Pending, err error) {
	defer fault.Wrap(&err, "append to file %.30q", id)
	if p, err = v.progress(ctx, officer, id); err != nil {
		return p, err
	}
	if p.Received != start {
		return p, &Off{p.Received}
	}
	if !p.Whole && p.Received < p.Size {
		if err := v.piece(ctx, officer, &p, body); err != nil {
			return p, err
		}
	}
	if !p.Whole && p.Received == p.Size {
		return v.finish(ctx, officer, p)
	}
	return p, nil
}

// How far a file has come, for its own officer only.
func (v Receiver) progress(ctx context.Context, officer org.OfficerID, id string) (p Pending, err error) {
	err = v.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = Progress(tx, officer, id)
		return err
	})
	return p, err
}

// torn reads a body whose sender may vanish: what came before counts as all.
type torn struct {
	r   io.Reader
	err error
}

// Read ends where the line ended.
func (t *torn) Read(b []byte) (n int, err error) {
	n, err = t.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err, err = err, io.EOF
	}
	return n, err
}

// Takes a piece. Bytes before it are salted, so that an unfinished piece never has the hash of somebody's
// file.
func (v Receiver) piece(ctx context.Context, officer org.OfficerID, p *Pending, body io.Reader) error {
	in := &torn{r: body}
	salted := io.MultiReader(io.LimitReader(rand.Reader, saltSize), in)
	h, stored, err := v.Files.Put(salted, saltSize+p.Size-p.Received)
	if errors.Is(err, fault.TooLarge) {
		return tooMuch("Tệp %q dài hơn %s đã báo lúc bắt đầu. Anh/chị chọn lại tệp.", p.Name, Size(p.Size))
	}
	if err != nil {
		return err
	}
	n := stored - saltSize
	if n < leastPiece && p.Received+n < p.Size {
		err = fmt.Errorf("a piece of %d bytes: %w", n, errors.Join(in.err, fault.Refuse(fault.Invalid, "Mẩu tệp nhỏ hơn %s; chỉ mẩu cuối được nhỏ hơn.", Size(leastPiece))))
	} else {
		// what came is worth keeping although its sender has gone
		err = v.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return grow(tx, officer, p.ID, p.Received, n, h) })
	}
	if err != nil {
		v.remove(h)
		return err
	}
	p.Received += n
	return in.err
}

// remove takes away pieces that no row names any more. One that stays behind goes with the
// other bytes that nobody names.
func (v Receiver) remove(all ...blob.Hash) {
	for _, h := range all {
		if err := v.Files.Remove(h); err != nil && v.Log != nil {
			v.Log.Warn("piece of a file", "err", err)
		}
	}
}

// finish joins the pieces, looks at the whole as Check and the scanner do, and keeps it. A
// file that is refused is gone with its pieces: its sender sends another. Of two that
// finish the same file both see it whole.
func (v Receiver) finish(ctx context.Context, officer org.OfficerID, p Pending) (_ Pending, err error) {
	ctx = context.WithoutCancel(ctx) // the bytes are here: who sent them may go
	tmp, err := os.CreateTemp("", "lienthong-join-*")
	if err != nil {
		return p, err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	f, err := v.whole(ctx, p, tmp)
	if err == nil {
		err = v.keep(ctx, officer, f, tmp)
	}
	now, readErr := v.progress(ctx, officer, p.ID)
	if readErr == nil && now.Whole {
		return now, nil // by this one, or by another that was quicker
	}
	if err == nil {
		return now, readErr
	}
	if k := fault.Kind(err); k == fault.Invalid || k == fault.TooLarge {
		return p, errors.Join(err, v.Drop(ctx, officer, p.ID))
	}
	return p, err
}

// whole writes the joined pieces to tmp and looks at them.
func (v Receiver) whole(ctx context.Context, p Pending, tmp *os.File) (f File, err error) {
	var rules Rules
	var all []piece
	err = v.DB.View(ctx, func(tx *db.Tx) (err error) {
		if rules, err = Load(tx); err == nil {
			all, err = pieces(tx, p.ID)
		}
		return err
	})
	if err != nil {
		return f, err
	}
	sum := sha256.New()
	if err := v.join(io.MultiWriter(tmp, sum), all, p.Size); err != nil {
		return f, err
	}
	f = p.File
	if f.Hash = hex.EncodeToString(sum.Sum(nil)); p.Promised != "" && p.Promised != f.Hash {
		return f, refuse("Tệp %q đến nơi không giống tệp đã gửi (mã băm khác). Anh/chị gửi lại.", p.Name)
	}
	if f.MediaType, err = rules.Check(p.Name, tmp, p.Size); err != nil {
		return f, err
	}
	if _, err = tmp.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	var found string
	if f.Scan, found, err = rules.Scan(ctx, tmp); err != nil && v.Log != nil {
		v.Log.Warn("virus scanner", "err", err)
	}
	if f.Scan == Infected {
		return f, refuse("Tệp %q có mã độc (%s) nên không nhận.", p.Name, found)
	}
	_, err = tmp.Seek(0, io.SeekStart)
	return f, err
}

// join copies pieces in their order; one that is missing is no fault of the sender.
func (v Receiver) join(w io.Writer, all []piece, size int64) error {
	at := int64(0)
	for _, one := range all {
		if one.start != at {
			return fmt.Errorf("piece at %d begins at %d", at, one.start)
		}
		f, err := v.Files.Open(one.hash)
		if err != nil {
			return err
		}
		if _, err = f.Seek(saltSize, io.SeekStart); err == nil {
			_, err = io.CopyN(w, f, one.size)
		}
		f.Close()
		if err != nil {
			return err
		}
		at += one.size
	}
	if at != size {
		return fmt.Errorf("pieces make %d of %d bytes", at, size)
	}
	return nil
}

// keep puts the whole into the store and says so in the row; its pieces go.
func (v Receiver) keep(ctx context.Context, officer org.OfficerID, f File, whole io.Reader) error {
	h, size, err := v.Files.Put(whole, f.Size)
	if err != nil {
		return err
	}
	f.Hash, f.Size = string(h), size
	var left []blob.Hash
	err = v.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if err := Fill(tx, f); err != nil {
			return err
		}
		left, err = takePieces(tx, f.ID)
		return err
	})
	if err == nil {
		v.remove(left...)
	}
	return err
}

// Drop takes away a file of the officer that no act took, with the bytes of its pieces.
func (v Receiver) Drop(ctx context.Context, officer org.OfficerID, id string) error {
	var left []blob.Hash
	err := v.DB.Update(ctx, func(tx *db.Tx) (err error) {
		left, err = Drop(tx, officer, id)
		return err
	})
	if err == nil {
		v.remove(left...)
	}
	return err
}
