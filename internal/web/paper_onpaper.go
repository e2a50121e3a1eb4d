package web

import (
	"net/http"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// onPaperInputs take what stands on a sheet that a leader signed by hand: who, in which
// capacity, on which day, and the scan; a number where the sheet has one already.
func (s *Server) onPaperInputs(r *http.Request, x *reading, p *signoff.Paper, t typed) ([]input, error) {
	held, err := org.Holders(x.tx, p.Unit, org.Leader)
	if err != nil {
		return nil, err
	}
	signer := ui.Input{Name: "signer", Label: "Người đã ký trên giấy", Required: true, Blank: "– chọn người ký –"}
	for _, h := range held {
		signer.Options = append(signer.Options, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + postWords(x.names, h.Post)})
	}
	capacity := ui.Input{Name: "capacity", Label: "Thể thức đề ký trên bản giấy", Required: true, Blank: "– chọn thể thức –",
		Hint: "Cơ sở của thể thức được kiểm tra cho người ký, ở ngày ghi trên giấy (" + org.ClauseSigning + ")."}
	for _, c := range []org.Capacity{org.Own, org.ForAll, org.ForHead, org.Acting, org.ByOrder, org.Delegated} {
		capacity.Options = append(capacity.Options, ui.Option{Value: capacityValue(c), Label: capacityWords[c]})
	}
	in := []input{{Kind: choice, Input: signer}, {Kind: choice, Input: capacity},
		{Kind: line, Input: ui.Input{Name: "signed_on", Label: "Ngày ký ghi trên giấy", Type: "date", Required: true}}}
	number := outerInputs()
	number[0].Label, number[0].Hint = "Số, ký hiệu đã ghi trên bản giấy", "Để trống nếu bản giấy chưa có số: văn bản sẽ chờ cấp số, phát hành. Có số thì phát hành luôn."
	if !p.Guidance {
		in = append(in, number...)
	}
	scan := s.filesInputs(r, t)
	scan[len(scan)-1].Required = len(scan) == 1 // a refused form keeps the scan it was sent with
	scan[len(scan)-1].Label, scan[len(scan)-1].Hint = "Bản quét đã ký", "Một tệp PDF hoặc ảnh; bản quét đi cùng văn bản khi phát hành."
	return append(append(in, scan...), input{Kind: secret}), nil
}

// recordSigned records a sheet that was signed by hand.
func (s *Server) recordSigned(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.stale(r, s.signedByHand(w, r)), s.paper)
}

// A signature given by hand comes with its scan, its day and the one who signed.
func (s *Server) signedByHand(w http.ResponseWriter, r *http.Request) error {
	files, err := s.attached(r) // first: they outlive whatever is refused below
	if err == nil {
		err = confirmed(r)
	}
	in := signoff.OnPaper{Signer: org.OfficerID(r.PostForm.Get("signer")), Capacity: typedCapacity(r), Version: seen(r)}
	if err == nil {
		in.SignedOn, err = typedDay(r, "signed_on", "Ngày ký không đúng; ghi theo mẫu ngày/tháng/năm.")
	}
	if err == nil {
		in.Outer, err = outer(r)
	}
	if err == nil && len(files) > 1 {
		err = fault.Field("files", "Chỉ gửi một tệp là bản quét của văn bản đã ký; gộp các trang vào một tệp.")
	}
	if err != nil {
		return err
	}
	if len(files) == 1 {
		in.Scan = files[0]
	}
	id := signoff.ID(r.PathValue("paper"))
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := s.Desk.RecordSigned(tx, who, id, in)
		if err != nil {
			return done{}, err
		}
		d := done{To: paperPath(id), Version: p.Version, Say: "Đã ghi nhận bản ký giấy của " + p.SignerName + ": " + p.Where() + "."}
		if p.State == signoff.Released {
			d.To, d.Say = paperCase(p.Case, p.Kind), "Đã ghi nhận bản ký giấy và phát hành số "+p.Symbol+"."
		}
		return d, nil
	})
}
