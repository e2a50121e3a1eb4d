package audit

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// chooseKey takes the key given, else the folder's, else the server's.
func (v *verifier) chooseKey(own string) error {
	v.Key = strings.TrimSpace(v.Key)
	if v.Key == "" && v.Witness != "" {
		b, err := os.ReadFile(filepath.Join(v.Witness, keyFile))
		if err != nil {
			return err
		}
		v.Key = strings.TrimSpace(string(b))
	}
	if v.Key == "" {
		v.Key, v.r.OwnKey = own, true
	}
	v.r.Key = v.Key
	return v.followKey(own)
}

// followKey finds the keys from the one given to the server's over the changes that the
// witness and the store keep; the witness's come first, where both know one.
func (v *verifier) followKey(own string) error {
	notes := v.notes
	if v.Witness != "" {
		kept, err := readChanges(v.Witness)
		if err != nil {
			return err
		}
		notes = append(kept, notes...)
	}
	if v.Key == "" { // an empty store, or one that lost its key: nothing opens
		return nil
	}
	var err error
	if v.keys, err = newRing(v.Key, notes); err != nil {
		return err
	}
	v.r.Changes = v.keys.changes
	if v.keys.forked {
		v.r.add(Damaged, "", -1, "Một khóa cũ đã ký chuyển sang hai khóa khác nhau: khóa đó có thể đã lộ.")
	}
	if own != "" && own != v.keys.last() {
		v.r.add(Damaged, "", -1, "Khóa của máy chủ không phải khóa đã cho, cũng không do khóa đã cho ký chuyển.")
	}
	return nil
}

// openHead checks the signature under the head and that the head says the same.
func (v *verifier) openHead() {
	if !v.head.signed {
		if v.head.size > 0 || v.Witness != "" {
			v.r.add(Damaged, "", -1, "Nhật ký không có điểm chốt đã ký.")
		}
		return
	}
	m, err := v.keys.open(v.head.checkpoint)
	if err != nil {
		v.r.add(Damaged, "", -1, "Chữ ký dưới điểm chốt của nhật ký không đúng với khóa.")
		return
	}
	v.mark, v.signed, v.r.At = m, true, m.At
	if m.Size != v.head.size {
		v.r.add(Damaged, "", -1, "Nhật ký ghi %d mục mà điểm chốt đã ký ghi %d mục.", v.head.size, m.Size)
	} else if m.root != v.head.root {
		v.r.add(Damaged, "", -1, "Dấu tổng của nhật ký khác với điểm chốt đã ký.")
	}
}

// loadWitness reads the folder and says what of it cannot be believed.
func (v *verifier) loadWitness(context.Context) (err error) {
	if v.Witness == "" {
		return nil
	}
	if v.witness, err = readWitness(v.Witness, v.keys); err != nil {
		return err
	}
	for _, name := range v.witness.bad {
		v.r.add(Damaged, "", -1, "Tệp %s trong thư mục chứng không khớp với chữ ký hoặc với các tệp khác; không dùng được.", name)
	}
	if n := len(v.witness.marks); n > 0 {
		v.r.Witnessed, v.r.WitnessSize, v.r.WitnessAt = true, v.witness.marks[n-1].Size, v.witness.marks[n-1].At
	}
	return nil
}
