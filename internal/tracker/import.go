package tracker

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/vntext"
)

// ImportJob is the kind of the job that takes the documents of a sheet, one in each step: the
// writer is held for one document at a time.
const ImportJob = "tracker.import"

// importInput is what the job is given.
type importInput struct {
	File    blob.Hash     `json:"file"`
	Parts   []blob.Hash   `json:"parts"` // the lines of one document each
	Name    string        `json:"name"`
	Size    int64         `json:"size"`
	Also    []int         `json:"also,omitempty"` // lines of which a person said that they are new
	Officer org.OfficerID `json:"officer"`
	Post    org.PostID    `json:"post,omitempty"`
}

// importCursor is how far it is: the document to be taken next and what was not taken.
type importCursor struct {
	Next    int      `json:"next"`
	Taken   int      `json:"taken"`
	Tasks   int      `json:"tasks"`
	Refused []string `json:"refused,omitempty"`
}

// mostRefused bounds the sentences that the job keeps.
const mostRefused = 50

// A File is a sheet that came, whole, in the store of files.
type File struct {
	Hash blob.Hash
	Name string
	Size int64 // bytes
}

// StartImport queues the taking of what is new in a sheet, for an officer of the unit that
// takes documents in. also are the lines that look like one that is here and of which he says
// that they are another task. Nothing is issued by it.
func StartImport(tx *db.Tx, who org.Actor, f File, parts []blob.Hash, also []int) (id job.ID, err error) {
	defer fault.Wrap(&err, "start import of a tracker's sheet")
	if err := directive.MayTake(tx, who); err != nil {
		return "", err
	}
	raw, err := json.Marshal(importInput{f.Hash, parts, f.Name, f.Size, also, who.Officer, who.Post.ID})
	if err != nil {
		return "", err
	}
	return job.Start(tx, ImportJob, string(raw), string(who.Officer))
}

// ImportStep takes one document of the sheet with the rights that its officer has now. The
// sheet is compared anew at each step, so that a step that runs twice finds its document here
// and goes on.
func ImportStep(files *blob.Store) job.Step {
	return func(tx *db.Tx, j job.Job) (p job.Progress, err error) {
		var in importInput
		if err := json.Unmarshal([]byte(j.Input), &in); err != nil {
			return p, err
		}
		var c importCursor
		if j.Cursor != "" {
			if err := json.Unmarshal([]byte(j.Cursor), &c); err != nil {
				return p, err
			}
		}
		if c.Next < len(in.Parts) {
			entries, err := readPart(files, in.Parts[c.Next])
			if err != nil {
				return p, err
			}
			who, err := actorOf(tx, in.Officer, in.Post)
			if err != nil {
				return p, err
			}
			if err := c.take(tx, who, &in, entries); err != nil {
				return p, err
			}
			c.Next++
		}
		raw, err := json.Marshal(c)
		return job.Progress{Cursor: string(raw), Done: int64(c.Next), Total: int64(len(in.Parts)), End: c.Next >= len(in.Parts)}, err
	}
}

// Split keeps the lines of each document of a sheet in the store of files, for the steps of a
// job: none of them reads the whole sheet while it holds the writer.
func Split(files *blob.Store, entries []Entry) (parts []blob.Hash, err error) {
	for _, part := range byDocument(entries) {
		raw, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		hash, _, err := files.Put(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return nil, err
		}
		parts = append(parts, hash)
	}
	return parts, nil
}

func readPart(files *blob.Store, hash blob.Hash) (entries []Entry, err error) {
	f, err := files.Open(hash)
	if err != nil {
		return nil, err
	}
	err = json.NewDecoder(f).Decode(&entries)
	return entries, errors.Join(err, f.Close())
}

// byDocument parts a sheet by the numbers of documents, in its order.
func byDocument(entries []Entry) (all [][]Entry) {
	at := map[string]int{}
	for _, e := range entries {
		i, ok := at[e.Number]
		if !ok {
			i = len(all)
			at[e.Number] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], e)
	}
	return all
}

// take takes what is new of one number. What an operation refuses is set down and the rest of
// the sheet goes on: a document that came twice must not hold up two hundred others.
func (c *importCursor) take(tx *db.Tx, who org.Actor, in *importInput, entries []Entry) error {
	all, err := Compare(tx, who, entries)
	if err != nil {
		return err
	}
	also := map[int]bool{}
	for _, n := range in.Also {
		also[n] = true
	}
	for _, g := range Groups(all, also) {
		file := casefile.Document{Name: in.Name, Size: in.Size, MediaType: sheet.MediaType, Hash: string(in.File), AddedBy: in.Officer}
		if why := g.refuse(tx); why != "" {
			c.refuse("Văn bản số " + g.Number + ": " + why)
			continue
		}
		if _, err := Take(tx, who, g, []casefile.Document{file}); err != nil {
			return err
		}
		c.Taken, c.Tasks = c.Taken+1, c.Tasks+len(g.Lines)
	}
	return nil
}

func (c *importCursor) refuse(say string) {
	if len(c.Refused) < mostRefused {
		c.Refused = append(c.Refused, say)
	}
}

// An Import is a job of this kind as its officer sees it.
type Import struct {
	*job.Job
	Name    string   // of the file
	Taken   int      // documents
	Tasks   int      // proposals in them
	Refused []string // what was not taken, in sentences
}

// GetImport returns the officer's own import; anybody else's is a fault.NotFound.
func GetImport(tx *db.Tx, who org.Actor, id job.ID) (x *Import, err error) {
	defer fault.Wrap(&err, "import %s", id)
	j, err := job.Get(tx, id)
	if err != nil {
		return nil, err
	}
	if j.Kind != ImportJob || j.StartedBy != string(who.Officer) || who.Officer == "" {
		return nil, fault.NotFound
	}
	x = &Import{Job: j}
	var in importInput
	if err := json.Unmarshal([]byte(j.Input), &in); err != nil {
		return nil, err
	}
	var c importCursor
	if j.Cursor != "" {
		if err := json.Unmarshal([]byte(j.Cursor), &c); err != nil {
			return nil, err
		}
	}
	x.Name, x.Taken, x.Tasks, x.Refused = in.Name, c.Taken, c.Tasks, c.Refused
	return x, nil
}

// actorOf is an officer with the rights of now, in the post in which he began.
func actorOf(tx *db.Tx, id org.OfficerID, post org.PostID) (org.Actor, error) {
	who, err := org.ActorOf(tx, id)
	if err != nil {
		return who, err
	}
	for _, p := range who.Posts {
		if p.ID == post {
			return who.As(p), nil
		}
	}
	return who, nil
}

// refuse says why a document cannot be taken whatever the rights: an error in a step would
// stop the whole sheet.
func (g *Group) refuse(tx *db.Tx) string {
	var n int
	// system: whether a number is taken, which the refusal of the operation says too
	err := tx.One(`SELECT count(*) FROM directive WHERE number_key = $1 AND issued_on = $2 AND issuer_key = $3 AND NOT dropped`,
		[]any{folded(g.Number), g.IssuedOn.String(), strings.Join(strings.Fields(vntext.Fold(cmp.Or(g.Issuer, unnamed))), " ")}, &n)
	switch {
	case err != nil:
		return ""
	case n > 0:
		return "đã có văn bản cùng số, cùng ngày trong hệ thống."
	case strings.TrimSpace(g.Number) == "":
		return "không ghi số văn bản."
	case len(g.Lines) > mostLines:
		return "có quá nhiều nhiệm vụ; hãy tách bảng."
	}
	return ""
}

// mostLines is how many tasks one document of a sheet may have.
const mostLines = 500
