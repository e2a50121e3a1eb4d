package main

import (
	"encoding/json"
	"errors"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// auditCmd groups what an outsider needs to check the log.
type auditCmd struct {
	Checkpoint auditCheckpointCmd `cmd:"" help:"In điểm chốt đã ký, hoặc ghi thư mục chứng cho bên ngoài giữ."`
	Verify     auditVerifyCmd     `cmd:"" help:"Đối chiếu mọi diễn biến với sổ kiểm chứng."`
	Proof      auditProofCmd      `cmd:"" help:"Bằng chứng của mọi diễn biến một việc, kiểm tra được không cần máy chủ."`
	Rotate     auditRotateCmd     `cmd:"" name:"rotate-key" help:"Đổi khoá ký sổ kiểm chứng; khoá cũ ký chuyển sang khoá mới nên ai giữ khoá cũ vẫn kiểm tra được."`
}

// `audit checkpoint`: writes the newest signed checkpoint, and with --out the tiles, to a folder that
// somebody outside keeps.
type auditCheckpointCmd struct {
	Out string `help:"Thư mục chứng: ghi tiếp vào bản đã có." placeholder:"DIR"`
}

// Run seals what waits first, so that the checkpoint covers everything done so far.
func (c *auditCheckpointCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		if err := sealLeaves(a, d); err != nil {
			return err
		}
		if c.Out != "" {
			size, err := audit.Export(a.ctx, d, c.Out)
			if err == nil {
				a.printf("Thư mục chứng %q: %d mục.\n", c.Out, size)
			}
			return err
		}
		return d.View(a.ctx, func(tx *db.Tx) error {
			// both in one snapshot: the key shown is the one that signed
			text, err := audit.Checkpoint(tx)
			if err != nil {
				return err
			}
			key, err := audit.Verifier(tx)
			a.printf("%s\nKhoá công khai: %s\n", text, key)
			return err
		})
	})
}

// sealLeaves gives positions to all that waits. A running server does it by itself; the
// command line may be alone with the store.
func sealLeaves(a *app, d *db.DB) error {
	if _, err := audit.Prepare(a.ctx, d); err != nil {
		return err
	}
	for {
		n, err := audit.Sequence(a.ctx, d)
		if n == 0 || err != nil {
			return err
		}
	}
}

// `audit verify`: recomputes the log from the events. With a witness folder the judgement does not rest on
// what the server says of itself.
type auditVerifyCmd struct {
	Key     string `help:"Khoá công khai mà bên ngoài giữ; bỏ trống thì dùng khoá của thư mục chứng, sau đó của máy chủ." placeholder:"KHOÁ"`
	Witness string `help:"Thư mục chứng mà bên ngoài giữ." placeholder:"DIR"`
}

// Run prints what was compared with what and what was found; a finding fails the command.
func (c *auditVerifyCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		// the log knows no cases: what an event's bytes hash to is told to it by
		// casefile
		r, err := audit.Verify(a.ctx, d, audit.Check{Key: c.Key, Witness: c.Witness, Hashes: casefile.Hashes, Refs: casefile.Refs})
		if err != nil {
			return err
		}
		a.printf("%s\n", r.Text())
		// a finding is no mistake of the program; its text was printed above
		if !r.OK() {
			return errFound
		}
		return nil
	})
}

// `audit rotate-key`: the log goes on under a new key; the old key signs the change unless it is lost, and
// then the report says so for ever.
type auditRotateCmd struct {
	Lost bool `help:"Khoá cũ không còn mở được (mất khoá niêm bí mật): lập khoá mới không có chữ ký chuyển của khoá cũ."`
}

// Run seals what waits under the old key and hands the log over to a new one. A server
// that runs meanwhile signs with the new one from its next batch on.
func (c *auditRotateCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		if !c.Lost {
			if err := sealLeaves(a, d); err != nil {
				return err
			}
		}
		change, err := audit.Rotate(a.ctx, d, operator(), c.Lost)
		if err != nil {
			return err
		}
		a.printf("Đã đổi khoá ký lúc %s, khi sổ có %d mục.\nKhoá cũ:  %s\nKhoá mới: %s\n", day(change.At), change.Size, change.Old, change.New)
		if c.Lost {
			a.printf("Khoá cũ không ký chuyển được: hãy trao khoá mới cho nơi giữ thư mục chứng bằng văn bản và lập thư mục chứng mới; giữ thư mục cũ làm bằng chứng cho phần trước.\n")
			return nil
		}
		a.printf("Ai giữ khoá cũ vẫn kiểm tra được bằng khoá ấy. Hãy ghi tiếp thư mục chứng ('audit checkpoint --out') để nơi giữ có bản ký chuyển.\n")
		return nil
	})
}

// `audit proof`: the path of each act of one case to the root of the log, for somebody who has nothing but
// the checkpoint.
type auditProofCmd struct {
	Case string `arg:"" help:"Mã việc: 26 ký tự, hoặc mã theo dõi KN-0437/2026."`
}

// Run prints one JSON object: the case, the key, and a proof for each of its events.
func (c *auditProofCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		if err := sealLeaves(a, d); err != nil {
			return err
		}
		return d.View(a.ctx, func(tx *db.Tx) error {
			id, err := caseID(tx, c.Case)
			if err != nil {
				return err
			}
			out := struct {
				Case   casefile.ID   `json:"case"`
				Key    string        `json:"key"`
				Proofs []audit.Proof `json:"proofs"`
			}{Case: id}
			if out.Key, err = audit.Verifier(tx); err != nil {
				return err
			}
			refs, err := casefile.RefsOf(tx, id)
			if err != nil {
				return err
			}
			for _, ref := range refs {
				p, err := audit.Prove(tx, ref)
				if err != nil {
					return err
				}
				// what is handed out was tried as an outsider tries it
				if err := audit.VerifyProof(p, out.Key); err != nil {
					return err
				}
				out.Proofs = append(out.Proofs, p)
			}
			enc := json.NewEncoder(a.out)
			enc.SetIndent("", " ")
			return enc.Encode(out)
		})
	})
}

// caseID finds a case for an administrator by its id or its tracking code.
func caseID(tx *db.Tx, s string) (casefile.ID, error) {
	// a tracking code may have the form of an id: then it is tried as a code next
	if db.ValidID(s) {
		c, err := casefile.Get(tx, org.System("cli"), casefile.ID(s))
		if err == nil {
			return c.ID, nil
		}
		if !errors.Is(err, fault.NotFound) {
			return "", err
		}
	}
	id, err := casefile.ByCode(tx, org.System("cli"), s)
	if errors.Is(err, fault.NotFound) {
		return "", fault.Refuse(fault.NotFound, "Không có việc nào mang mã %q.", s)
	}
	return id, err
}
