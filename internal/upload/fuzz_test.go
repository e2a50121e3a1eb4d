package upload

import (
	"archive/zip"
	"bytes"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// zipOf packs one entry, for seeds.
func zipOf(f *testing.F, pairs ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = w.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

// FuzzCheck looks at broken files: each is taken or refused in words, never a failure of
// the program.
func FuzzCheck(f *testing.F) {
	names := []string{"a.zip", "a.docx", "a.xlsx", "a.pdf", "a.png", "a.txt", "a.csv", "a.doc", "a"}
	word := zipOf(f, "[Content_Types].xml", wordTypes, "word/document.xml", "<w:document><w:body><w:p><w:r><w:t>Kính gửi</w:t></w:r></w:p></w:body></w:document>")
	seeds := [][]byte{nil, []byte("PK\x03\x04"), word, word[:len(word)/2], word[10:], append(bytes.Clone(word), word...), zipOf(f, "../x.txt", "a", "x.txt", "b"),
		[]byte("PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"), []byte("%PDF-1.4"), []byte("\xff\xfeM\x00"), []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}
	for i, s := range seeds {
		for n := range names {
			f.Add(s, uint8(n), uint16(i*31))
		}
	}
	d, _ := lttest.SQLite(f)
	var r Rules
	lttest.View(f, d, func(tx *db.Tx) (err error) { r, err = Load(tx); return err })
	r.MaxUnzip = 1 << 20
	f.Fuzz(func(t *testing.T, body []byte, which uint8, flip uint16) {
		if len(body) > 0 && flip%3 == 0 {
			body = bytes.Clone(body)
			body[int(flip)%len(body)] ^= byte(flip>>8) | 1
		}
		media, err := r.Check(names[int(which)%len(names)], bytes.NewReader(body), int64(len(body)))
		if err == nil && media == "" {
			t.Error("taken as nothing")
		}
		if s, ok := fault.Sentence(err); err != nil && (!ok || s.Field != Field) {
			t.Errorf("refused without a word for the sender: %v", err)
		}
	})
}
