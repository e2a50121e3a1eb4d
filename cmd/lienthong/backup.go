package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// The files of a backup folder.
const (
	manifestName = "manifest.json"
	liteName     = "lienthong.db"
	dumpName     = "lienthong.pgdump"
	blobsName    = "blobs"
)

// keyFile is the file beside the data that a backup never takes.
const keyFile = "secret.key"

// A manifest says what a backup holds, so that a restore can tell it whole and unchanged.
type manifest struct {
	Program string      `json:"program"` // always "lienthong"
	MadeAt  time.Time   `json:"made_at"` // of the snapshot
	Store   storedFile  `json:"store"`
	Blobs   []blob.Hash `json:"blobs"` // each names and proves its own bytes
}

// One file of a backup as its list has it: restore refuses a file whose size or hash differs.
type storedFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hex
}

// `backup`: a copy of store and files that belongs together, without the key of secrets, taken while the office works.
type backupCmd struct {
	Dir string `arg:"" help:"Thư mục mới để ghi bản sao lưu."`
}

// Run copies the store of one instant, then the bytes its rows refer to. Bytes are
// never changed, so those put while it ran are more than is needed, never less.
func (c *backupCmd) Run(a *app) error {
	if err := mustBeNew(c.Dir); err != nil {
		return err
	}
	return a.office(func(d *db.DB) error {
		// a backup holds everything that anybody ever wrote: it opens for its owner
		// alone
		if err := os.MkdirAll(c.Dir, 0o700); err != nil {
			return err
		}
		m := manifest{Program: "lienthong", MadeAt: a.now().UTC().Truncate(time.Second)}
		var err error
		if m.Store, err = c.copyStore(a, d); err != nil {
			return err
		}
		if m.Blobs, err = c.copyBlobs(a); err != nil {
			return err
		}
		raw, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			return err
		}
		// The manifest comes last: a backup without one was not finished.
		if err := os.WriteFile(filepath.Join(c.Dir, manifestName), raw, 0o600); err != nil {
			return err
		}
		a.printf("Đã sao lưu: %s (%d byte) và %d tệp vào %q.\n", m.Store.Name, m.Store.Size, len(m.Blobs), c.Dir)
		a.printf("%s\n", keysApart(a, c.Dir))
		return nil
	})
}

// keysApart says what a backup leaves out on purpose, and where it lies: who
// has both the backup and the keys can read the second factors and sign as the log.
func keysApart(a *app, dir string) string {
	where := fmt.Sprintf("tệp khoá %q", filepath.Join(a.folder(), keyFile))
	if os.Getenv(keysVariable) != "" {
		where = "khoá cấp qua " + keysVariable
	}
	return fmt.Sprintf("Bản sao KHÔNG có %s (niêm xác thực hai lớp và khoá ký sổ kiểm chứng): hãy cất khoá riêng, khác nơi cất bản sao. Bản sao có mọi nội dung: giữ %q kín như chính cơ sở dữ liệu.", where, dir)
}

// mustBeNew refuses a folder with anything in it: a backup never overwrites.
func mustBeNew(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		return fault.Refuse(fault.Conflict, "Thư mục %q đã có dữ liệu; hãy chọn thư mục trống.", dir)
	}
	return err
}

// copyStore takes one instant of the store, by the database's own means: copying the
// files of a running database gives a torn one.
func (c *backupCmd) copyStore(a *app, d *db.DB) (storedFile, error) {
	if !d.Postgres() {
		if err := d.Copy(a.ctx, filepath.Join(c.Dir, liteName)); err != nil {
			return storedFile{}, err
		}
		return measured(c.Dir, liteName)
	}
	if err := tool(a, "pg_dump", "--format=custom", "--no-owner", "--file", filepath.Join(c.Dir, dumpName), "--dbname", a.url); err != nil {
		return storedFile{}, err
	}
	return measured(c.Dir, dumpName)
}

// tool runs a program of PostgreSQL's own. The address may hold a password, so the
// program's words are shown and the command line is not.
func tool(a *app, name string, args ...string) error {
	path, err := exec.LookPath(name)
	if err != nil {
		return fault.Refuse(fault.NotFound, "Cần chương trình %s (gói postgresql-client) cùng phiên bản với máy chủ PostgreSQL.", name)
	}
	var words bytes.Buffer
	cmd := exec.CommandContext(a.ctx, path, args...)
	cmd.Stderr = &words
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(words.String()))
	}
	return nil
}

// copyBlobs comes after the store: a file that a row refers to was put before the row.
func (c *backupCmd) copyBlobs(a *app) (all []blob.Hash, err error) {
	from, err := a.files()
	if err != nil {
		return nil, err
	}
	to, err := blob.Open(filepath.Join(c.Dir, blobsName))
	if err != nil {
		return nil, err
	}
	err = from.List(func(i blob.Item) error {
		err := copyBlob(from, to, i.Hash)
		if errors.Is(err, fault.NotFound) {
			return nil // sealed, or cleaned away because no row names it, since it was listed
		}
		all = append(all, i.Hash)
		return err
	})
	return all, err
}

// copyBlob copies one file and refuses bytes that are not those of their name.
func copyBlob(from, to *blob.Store, h blob.Hash) error {
	f, err := from.Open(h)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := blob.Size(f)
	if err != nil {
		return err
	}
	got, _, err := to.Put(f, size)
	if err == nil && got != h {
		return fmt.Errorf("file %s is damaged: its bytes are those of %s", h, got)
	}
	return err
}

// measured returns a file's size and hash for the manifest.
func measured(dir, name string) (s storedFile, err error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return storedFile{Name: name, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// `restore`: an empty office from a backup. It refuses a store that already has rows: nothing is ever
// written over.
type restoreCmd struct {
	Dir string `arg:"" help:"Thư mục của bản sao lưu."`
}

// Run checks the whole backup first and then fills an empty place with it; an office
// that exists is never overwritten.
func (c *restoreCmd) Run(a *app) error {
	m, err := c.check()
	if err != nil {
		return err
	}
	// after the check, so that a broken backup is told first, and before the first byte
	// is written
	if err := c.mustBeEmpty(a, m); err != nil {
		return err
	}
	if err := c.fillStore(a, m); err != nil {
		return err
	}
	from, err := blob.Open(filepath.Join(c.Dir, blobsName))
	if err != nil {
		return err
	}
	to, err := a.files()
	if err != nil {
		return err
	}
	for _, h := range m.Blobs {
		if err := copyBlob(from, to, h); err != nil {
			return err
		}
	}
	a.printf("Đã khôi phục bản sao lưu lúc %s: %d tệp.\n", day(m.MadeAt), len(m.Blobs))
	if _, err := os.Stat(filepath.Join(a.folder(), keyFile)); err != nil && os.Getenv(keysVariable) == "" {
		a.printf("Chưa có %q: chép tệp khoá đã cất riêng vào đó trước khi mở. Không còn khoá thì cơ quan vẫn chạy, nhưng ai có xác thực hai lớp phải dùng mã dự phòng hoặc thiết lập lại ('lienthong user drop-second'), và sổ kiểm chứng cần khoá ký mới ('lienthong audit rotate-key --lost').\n", filepath.Join(a.folder(), keyFile))
	}
	a.printf("Hãy chạy 'lienthong audit verify' với thư mục chứng trước khi mở cho mọi người.\n")
	return nil
}

// check reads the manifest and compares every file with it.
func (c *restoreCmd) check() (m manifest, err error) {
	raw, err := os.ReadFile(filepath.Join(c.Dir, manifestName))
	if errors.Is(err, os.ErrNotExist) {
		return m, fault.Refuse(fault.NotFound, "Thư mục %q không phải bản sao lưu hoàn chỉnh: thiếu %s.", c.Dir, manifestName)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.Program != "lienthong" {
		return m, fault.Refuse(fault.Invalid, "Không đọc được %s của bản sao lưu.", manifestName)
	}
	if m.Store.Name != liteName && m.Store.Name != dumpName {
		return m, fault.Refuse(fault.Invalid, "Bản sao lưu nêu tệp lạ %q.", m.Store.Name)
	}
	got, err := measured(c.Dir, m.Store.Name)
	if err != nil {
		return m, err
	}
	// size and hash: a file cut short and one that was changed are both told
	if got != m.Store {
		return m, fault.Refuse(fault.Conflict, "Tệp %s không còn như lúc sao lưu; không khôi phục từ bản này.", m.Store.Name)
	}
	// every file, though it takes long: half an office is worse than none
	bytes, err := blob.Open(filepath.Join(c.Dir, blobsName))
	if err != nil {
		return m, err
	}
	for _, h := range m.Blobs {
		if err := bytes.Check(h); err != nil {
			return m, errors.Join(fault.Refuse(fault.Conflict, "Tệp %.12s… của bản sao lưu thiếu hoặc đã hỏng.", h), err)
		}
	}
	return m, nil
}

// mustBeEmpty refuses a place with an office in it, and a backup of the other database.
func (c *restoreCmd) mustBeEmpty(a *app, m manifest) error {
	if (m.Store.Name == dumpName) != (a.url != "") {
		return fault.Refuse(fault.Invalid, "Bản sao lưu của PostgreSQL khôi phục vào --db, bản của SQLite vào --data.")
	}
	if a.url == "" {
		if !a.empty() {
			return fault.Refuse(fault.Conflict, "Thư mục %q đang có một cơ quan; không ghi đè. Hãy chọn thư mục trống.", a.folder())
		}
		return nil
	}
	d, err := a.connect()
	if err != nil {
		return err
	}
	n, err := d.Tables(a.ctx)
	if err == nil && n > 0 {
		err = fault.Refuse(fault.Conflict, "Cơ sở dữ liệu này đã có %d bảng; không ghi đè. Hãy khôi phục vào cơ sở dữ liệu trống.", n)
	}
	return errors.Join(err, d.Close())
}

// fillStore puts the store in its place, wholly or not at all.
func (c *restoreCmd) fillStore(a *app, m manifest) error {
	from := filepath.Join(c.Dir, m.Store.Name)
	if m.Store.Name == dumpName {
		return tool(a, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", a.url, from)
	}
	if err := os.MkdirAll(a.folder(), 0o750); err != nil {
		return err
	}
	// Under another name first: a restore that stops half-way leaves no office behind.
	half := filepath.Join(a.folder(), liteName+".restoring")
	if err := copyFile(from, half); err != nil {
		return err
	}
	return os.Rename(half, filepath.Join(a.folder(), liteName))
}

// copyFile copies and waits until the bytes are on the disk: the name they get next says
// that they are.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
