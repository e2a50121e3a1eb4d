package upload

import (
	"errors"
	"fmt"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A File is one whose bytes came ahead of the act they belong to: a program sent it, or
// it came with a form that was refused. It waits for the setting upload.keep_waiting,
// for its sender alone.
type File struct {
	ID, Name, MediaType string
	Size                int64
	Hash, Scan          string
}

// reserved is the scan state of a row whose bytes are not in the store yet.
const reserved = "reserved"

// Reserve takes room for a file before its bytes are stored, so that whoever sends many at
// once fills no disk: what waits of an officer, and what he sent this day, stay within
// the settings of this moment. Too much is fault.TooLarge at the field of files.
func Reserve(tx *db.Tx, officer org.OfficerID, name, media string, size int64) (id string, err error) {
	defer fault.Wrap(&err, "reserve %d bytes", size)
	rules, err := Load(tx)
	if err != nil {
		return "", err
	}
	if err := Sweep(tx, rules); err != nil {
		return "", err
	}
	// the row of the day is the lock: of two files at once the second sees the first
	var sent int64
	today := workday.Of(tx.Now)
	if err := tx.One(`INSERT INTO upload_day (officer, day, bytes) VALUES ($1, $2, $3)
		ON CONFLICT (officer, day) DO UPDATE SET bytes = upload_day.bytes + excluded.bytes RETURNING bytes`,
		[]any{string(officer), today, size}, &sent); err != nil {
		return "", err
	}
	if rules.MaxDay > 0 && sent > rules.MaxDay {
		return "", tooMuch("Hôm nay anh/chị đã tải lên %s; thêm tệp %q (%s) là quá mức %s một ngày của mỗi người. Anh/chị gửi tiếp vào ngày mai, hoặc nhờ quản trị của tỉnh nâng mức.",
			Size(sent-size), name, Size(size), Size(rules.MaxDay))
	}
	var waiting int64
	if err := tx.One(`SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM upload WHERE officer = $1 AND NOT taken AND at >= $2`,
		[]any{string(officer), tx.Now.Add(-rules.KeepWaiting)}, &waiting); err != nil {
		return "", err
	}
	if rules.MaxWaiting > 0 && waiting+size > rules.MaxWaiting {
		return "", tooMuch("Anh/chị đang có %s tệp đã tải lên mà chưa gắn vào việc nào; thêm tệp %q (%s) là quá mức %s của mỗi người. Anh/chị gửi việc đang soạn, hoặc chờ: tệp không dùng được dọn sau %s.",
			Size(waiting), name, Size(size), Size(rules.MaxWaiting), sayHours(rules))
	}
	id = tx.NewID()
	_, err = tx.Exec(`INSERT INTO upload (id, officer, name, media_type, size, hash, scan, at, taken) VALUES ($1, $2, $3, $4, $5, '', $6, $7, FALSE)`,
		id, string(officer), name, media, size, reserved, tx.Now)
	return id, err
}

// Too large, at the field of files.
func tooMuch(format string, args ...any) error {
	return &fault.Refusal{Kind: fault.TooLarge, Field: Field, Say: fmt.Sprintf(format, args...)}
}

// How long an unsent file is kept, in words.
func sayHours(r Rules) string { return fmt.Sprintf("%d giờ", int(r.KeepWaiting.Hours())) }

// Fill says that the bytes of a reserved file are in the store now.
func Fill(tx *db.Tx, f File) error {
	n, err := tx.Exec(`UPDATE upload SET hash = $1, size = $2, scan = $3 WHERE id = $4 AND scan = $5`, f.Hash, f.Size, f.Scan, f.ID, reserved)
	if err == nil && n == 0 {
		err = fmt.Errorf("upload %s is not reserved: %w", f.ID, fault.NotFound)
	}
	return err
}

// Kept returns the officer's file of that id and lets it wait anew: its form was sent once
// more. One that the same form has used already is there too, for a form that is sent
// twice names it twice. Another's, and one that was swept, are a fault.NotFound.
func Kept(tx *db.Tx, officer org.OfficerID, id string) (f File, err error) {
	err = tx.One(`UPDATE upload SET at = $1 WHERE id = $2 AND officer = $3 AND scan <> $4 RETURNING id, name, media_type, size, hash, scan`,
		[]any{tx.Now, id, string(officer), reserved}, &f.ID, &f.Name, &f.MediaType, &f.Size, &f.Hash, &f.Scan)
	return f, err
}

// Find is a file that waits for its officer, read and not kept longer by it: for who only looks.
func Find(tx *db.Tx, officer org.OfficerID, id string) (f File, err error) {
	err = tx.One(`SELECT id, name, media_type, size, hash, scan FROM upload WHERE id = $1 AND officer = $2 AND scan <> $3`,
		[]any{id, string(officer), reserved}, &f.ID, &f.Name, &f.MediaType, &f.Size, &f.Hash, &f.Scan)
	return f, err
}

// Used says, in the transaction of an act, that it took these files of the officer: they
// count no more against what he may have waiting.
func Used(tx *db.Tx, officer org.OfficerID, ids []string) error {
	for _, id := range ids {
		if _, err := tx.Exec(`UPDATE upload SET taken = TRUE WHERE id = $1 AND officer = $2`, id, string(officer)); err != nil {
			return err
		}
	}
	return nil
}

// Take gives an act the officer's file, once: of two acts that name it only one gets it,
// and nobody gets another's. None is a fault.NotFound.
func Take(tx *db.Tx, officer org.OfficerID, id string) (f File, err error) {
	rules, err := Load(tx)
	if err != nil {
		return f, err
	}
	err = tx.One(`DELETE FROM upload WHERE id = $1 AND officer = $2 AND at >= $3 AND scan <> $4 AND NOT taken RETURNING id, name, media_type, size, hash, scan`,
		[]any{id, string(officer), tx.Now.Add(-rules.KeepWaiting), reserved}, &f.ID, &f.Name, &f.MediaType, &f.Size, &f.Hash, &f.Scan)
	if errors.Is(err, fault.NotFound) {
		return f, fault.Field("attachments", "Không có tệp nào anh/chị đã tải lên mang mã “%.30s”, hoặc tệp đã dùng, đã quá %s.", id, sayHours(rules))
	}
	return f, err
}

// Sweep takes away the rows of files that waited too long; their bytes go with the others
// that no row names. Whoever sends a file sweeps, and each round of a Cleaner.
func Sweep(tx *db.Tx, rules Rules) error {
	// one whose pieces are still in the store goes with them, see expire
	if _, err := tx.Exec(`DELETE FROM upload WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM upload_part p WHERE p.upload_id = upload.id)`, tx.Now.Add(-rules.KeepWaiting)); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM upload_day WHERE day < $1`, workday.Of(tx.Now).AddDays(-1))
	return err
}
