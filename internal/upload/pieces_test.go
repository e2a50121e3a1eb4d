package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// A sending is a receiver with what was sent over it.
type sending struct {
	t *testing.T
	Receiver
}

func newSending(t *testing.T, d *db.DB) sending {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return sending{t, Receiver{DB: d, Files: files}}
}

func (s sending) begin(officer, name, item string, size int, hash string) (p Pending, err error) {
	err = s.DB.Update(context.Background(), func(tx *db.Tx) (err error) {
		p, err = Begin(tx, org.OfficerID(officer), Start{Name: name, Size: int64(size), Item: item, Hash: hash})
		return err
	})
	return p, err
}

func (s sending) must(p Pending, err error) Pending {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// blobs counts what the store holds.
func (s sending) blobs() (n int) {
	s.t.Helper()
	if err := s.Files.List(func(blob.Item) error { n++; return nil }); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func note(n int) []byte { return bytes.Repeat([]byte("Ghi chú của xã. "), n/18+1)[:n] }

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// cutAt breaks the line after n bytes.
type cutAt struct {
	r io.Reader
	n int
}

func (c *cutAt) Read(b []byte) (int, error) {
	if c.n == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.r.Read(b[:min(len(b), c.n)])
	c.n -= n
	return n, err
}

// A file comes over a line that breaks: what came is kept, the rest follows, and the whole
// is the file that was sent; its pieces are gone.
func TestPieces(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := newSending(t, d)
		ctx, text := context.Background(), note(50_000)
		p := s.must(s.begin("an", "ghi chú.txt", "k1", len(text), hashOf(text)))
		if again := s.must(s.begin("an", "ghi chú.txt", "k1", len(text), hashOf(text))); again.ID != p.ID {
			t.Errorf("the same item began twice: %s, %s", p.ID, again.ID)
		}
		if other := s.must(s.begin("binh", "ghi chú.txt", "k1", len(text), "")); other.ID == p.ID {
			t.Error("the same item of another officer is his own")
		}
		_, err := s.Append(ctx, "an", p.ID, 0, &cutAt{bytes.NewReader(text), 20_000})
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a line that breaks: %v", err)
		}
		clock.Add(time.Minute)
		var off *Off
		if _, err := s.Append(ctx, "an", p.ID, 0, bytes.NewReader(text)); !errors.As(err, &off) || off.Received != 20_000 {
			t.Errorf("from the beginning again: %v, want an Off at 20000", err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			got, err := Progress(tx, "an", p.ID)
			if err != nil || got.Whole || got.Received != 20_000 {
				t.Errorf("on its way: %+v, %v", got, err)
			}
			return nil
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, err := Take(tx, "an", p.ID); err == nil {
				t.Error("an act took a file that is not whole")
			}
			return nil
		})
		got := s.must(s.Append(ctx, "an", p.ID, 20_000, bytes.NewReader(text[20_000:])))
		if !got.Whole || got.Hash != hashOf(text) || got.Size != int64(len(text)) || got.Scan != Unscanned {
			t.Errorf("whole: %+v", got)
		}
		if n := s.blobs(); n != 1 {
			t.Errorf("%d bytes kept, want the file alone", n)
		}
		if again := s.must(s.begin("an", "ghi chú.txt", "k1", len(text), hashOf(text))); !again.Whole || again.ID != p.ID {
			t.Errorf("begun once more when whole: %+v", again)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			f, err := Take(tx, "an", p.ID)
			if err != nil || f.Name != "ghi chú.txt" {
				t.Errorf("taken: %+v, %v", f, err)
			}
			return err
		})
	})
}

// What an attacker or a broken program may try.
func TestPiecesAttack(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		s, ctx := newSending(t, d), context.Background()
		text := note(30_000)
		p := s.must(s.begin("an", "a.txt", "", len(text), ""))
		for _, one := range []struct {
			name    string
			officer string
			id      string
			start   int64
			body    []byte
			want    error
		}{
			{"another officer's file", "binh", p.ID, 0, text, fault.NotFound},
			{"a file nobody began", "an", "khong-co", 0, text, fault.NotFound},
			{"a gap", "an", p.ID, 10_000, text, fault.Conflict},
			{"beyond its end", "an", p.ID, 30_000, text, fault.Conflict},
			{"more than it was said to have", "an", p.ID, 0, append(note(30_000), 'x'), fault.TooLarge},
			{"byte by byte", "an", p.ID, 0, text[:1], fault.Invalid},
			{"nothing", "an", p.ID, 0, nil, fault.Invalid},
		} {
			if _, err := s.Append(ctx, org.OfficerID(one.officer), one.id, one.start, bytes.NewReader(one.body)); !errors.Is(err, one.want) {
				t.Errorf("%s: %v, want %v", one.name, err, one.want)
			}
		}
		if n := s.blobs(); n != 0 {
			t.Errorf("%d pieces were left behind", n)
		}
		if err := s.Drop(ctx, "binh", p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("another dropped it: %v", err)
		}
		for name, in := range map[string]Start{
			"no bytes": {Name: "a.txt"}, "fewer than none": {Name: "a.txt", Size: -1}, "a kind not taken": {Name: "a.exe", Size: 9}, "a secret name": {Name: "TỐI MẬT.pdf", Size: 9},
			"a hash that is none": {Name: "a.txt", Size: 9, Hash: "abc"}, "a long item": {Name: "a.txt", Size: 9, Item: strings.Repeat("a", 101)}, "too large": {Name: "a.txt", Size: 1 << 40},
		} {
			if _, err := s.begin("an", in.Name, in.Item, int(in.Size), in.Hash); fault.Kind(err) != fault.Invalid && fault.Kind(err) != fault.TooLarge {
				t.Errorf("%s began: %v", name, err)
			}
		}
		s.must(s.begin("an", "a.txt", "k", 9000, ""))
		if _, err := s.begin("an", "b.txt", "k", 9000, ""); !errors.Is(err, fault.Invalid) {
			t.Errorf("one item, two files: %v", err)
		}
	})
}

// A file whose bytes are not what was promised is refused when it is whole, and gone.
func TestPiecesRefusedAtEnd(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		s, ctx := newSending(t, d), context.Background()
		text := note(9000)
		for name, one := range map[string]struct {
			file, hash string
			body       []byte
		}{
			"another hash":     {"a.txt", hashOf([]byte("khác")), text},
			"no PDF":           {"a.pdf", "", text},
			"marked secret":    {"b.txt", "", append([]byte("TỐI MẬT\n"), note(9000)...)},
			"bytes of a photo": {"c.txt", "", append([]byte("\x89PNG\r\n\x1a\n"), note(9000)...)},
		} {
			p := s.must(s.begin("an", one.file, "", len(one.body), one.hash))
			if _, err := s.Append(ctx, "an", p.ID, 0, bytes.NewReader(one.body)); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.progress(ctx, "an", p.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s is still there: %v", name, err)
			}
		}
		if n := s.blobs(); n != 0 {
			t.Errorf("%d bytes were left behind", n)
		}
	})
}

// However the line cuts a file, and whoever sends a piece twice, the whole is what was sent.
func TestPiecesProperty(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		s, ctx, n := newSending(t, d), context.Background(), 0
		quota(t, d, "upload.max_waiting", "0", "upload.max_day", "0")
		rapid.Check(t, func(rt *rapid.T) {
			n++
			text := note(rapid.IntRange(1, 60_000).Draw(rt, "size"))
			copy(text, fmt.Sprintf("số %d", n))
			if len(text) < 12 {
				text = []byte("ngắn, số " + fmt.Sprint(n))
			}
			p := s.must(s.begin("an", "a.txt", "", len(text), hashOf(text)))
			for i := 0; !p.Whole; i++ {
				cut := rapid.IntRange(leastPiece, 30_000).Draw(rt, "cut")
				start := p.Received
				next, err := s.Append(ctx, "an", p.ID, start, &cutAt{bytes.NewReader(text[start:]), cut})
				if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
					rt.Fatal(err)
				}
				if p = next; err != nil {
					p = s.must(s.progress(ctx, "an", p.ID))
				}
				if p.Received != min(start+int64(cut), int64(len(text))) {
					rt.Fatalf("at %d after %d from %d", p.Received, cut, start)
				}
			}
			if p.Hash != hashOf(text) {
				rt.Fatal("another file")
			}
		})
	})
}

// Of many that send the same piece at once one is kept.
func TestPiecesRace(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		s, text := newSending(t, d), note(20_000)
		p := s.must(s.begin("an", "a.txt", "k", len(text), hashOf(text)))
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if _, err := s.Append(context.Background(), "an", p.ID, 0, bytes.NewReader(text)); err != nil && !errors.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := s.must(s.progress(context.Background(), "an", p.ID)); !got.Whole || got.Hash != hashOf(text) {
			t.Errorf("%+v", got)
		}
		if n := s.blobs(); n != 1 {
			t.Errorf("%d bytes kept, want 1", n)
		}
	})
}

// A file that stopped on its way is taken away by the Cleaner with its pieces; one that is
// still coming stays.
func TestPiecesExpire(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s, ctx, text := newSending(t, d), context.Background(), note(40_000)
		old := s.must(s.begin("an", "a.txt", "", len(text), ""))
		young := s.must(s.begin("an", "b.txt", "", len(text), ""))
		s.must(s.Append(ctx, "an", old.ID, 0, bytes.NewReader(text[:10_000])))
		s.must(s.Append(ctx, "an", young.ID, 0, bytes.NewReader(text[:10_000])))
		clock.Add(20 * time.Hour)
		s.must(s.Append(ctx, "an", young.ID, 10_000, bytes.NewReader(text[10_000:20_000])))
		clock.Add(10 * time.Hour)
		if _, err := (&Cleaner{DB: d, Files: s.Files, Node: "một"}).Round(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.progress(ctx, "an", old.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("what stopped is still there: %v", err)
		}
		if n := s.blobs(); n != 2 {
			t.Errorf("%d pieces kept, want the two of the one that comes", n)
		}
		if got := s.must(s.Append(ctx, "an", young.ID, 20_000, bytes.NewReader(text[20_000:]))); !got.Whole {
			t.Errorf("what was still coming: %+v", got)
		}
	})
}

// The protocol, as a client of tus speaks it.
func TestTus(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		s, text := newSending(t, d), note(20_000)
		do := func(method, id string, body []byte, pairs ...string) (*httptest.ResponseRecorder, error) {
			r := httptest.NewRequest(method, "/uploads/"+id, bytes.NewReader(body))
			r.Header.Set("Tus-Resumable", tusVersion)
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
			w := httptest.NewRecorder()
			return w, s.Serve(w, r, "an", "/uploads", id)
		}
		b64 := func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) }
		w, err := do("POST", "", nil, "Upload-Length", "20000", "Upload-Metadata", "filename "+b64("ảnh.txt")+",item "+b64("k"))
		if err != nil || w.Code != http.StatusCreated {
			t.Fatal(w.Code, err)
		}
		id := strings.TrimPrefix(w.Header().Get("Location"), "/uploads/")
		if w, err = do("PATCH", id, text[:9000], "Content-Type", tusMedia, "Upload-Offset", "0"); err != nil || w.Code != 204 || w.Header().Get("Upload-Offset") != "9000" || w.Header().Get(CompleteHeader) != "?0" {
			t.Errorf("first piece: %d %v %v", w.Code, w.Header(), err)
		}
		if w, err = do("PATCH", id, text[:9000], "Content-Type", tusMedia, "Upload-Offset", "0"); !errors.Is(err, fault.Conflict) || w.Header().Get("Upload-Offset") != "9000" {
			t.Errorf("first piece twice: %v %v", w.Header(), err)
		}
		if w, err = do("HEAD", id, nil); err != nil || w.Header().Get("Upload-Offset") != "9000" || w.Header().Get("Upload-Length") != "20000" {
			t.Errorf("how far: %v %v", w.Header(), err)
		}
		if w, err = do("PATCH", id, text[9000:], "Content-Type", tusMedia, "Upload-Offset", "9000"); err != nil || w.Header().Get(CompleteHeader) != "?1" {
			t.Errorf("last piece: %v %v", w.Header(), err)
		}
		if w, err = do("DELETE", id, nil); err != nil || w.Code != 204 {
			t.Errorf("taken back: %v", err)
		}
		if _, err = do("HEAD", id, nil); !errors.Is(err, fault.NotFound) {
			t.Errorf("after that: %v", err)
		}
		if w, err = do("OPTIONS", "", nil); err != nil || w.Header().Get("Tus-Extension") == "" || w.Header().Get("Tus-Max-Size") == "" {
			t.Errorf("options: %v %v", w.Header(), err)
		}
		for name, pairs := range map[string][]string{
			"another version": {"Tus-Resumable", "0.2.2"}, "no length": {"Upload-Metadata", "filename " + b64("a.txt")},
			"a length that is none": {"Upload-Length", "9e9", "Upload-Metadata", "filename " + b64("a.txt")}, "no base64": {"Upload-Length", "9", "Upload-Metadata", "filename ảnh"},
		} {
			if _, err := do("POST", "", nil, pairs...); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
