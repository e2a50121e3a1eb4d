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
	if own != "" && own != v.Key {
		v.r.add(Damaged, "", -1, "Khóa của máy chủ không phải khóa đã cho.")
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
	m, err := openCheckpoint(v.head.checkpoint, v.Key)
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
	if v.witness, err = readWitness(v.Witness, v.Key); err != nil {
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
