package web

import (
	"strings"
	"testing"

	"lienthong/internal/incident"
	"lienthong/internal/lttest"
)

// The report of a ward with several steps: its form says that it goes up to a signature, the
// lead hears of it with the release; one from the spot is confirmed by the ward's leader.
func TestIncidentReportIsSigned(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.deskOfAll()
		s.floodLead()
		form := s.visit("xa").open("/su-co/moi?type=natural-disaster").wants("Soạn báo cáo để trình ký", "trình lãnh đạo ký rồi phát hành")
		form.lacks("Số, ký hiệu văn bản báo cáo")
		paper := form.must("/su-co", "title", "Lũ ống hai phường", "occurred_at", "2026-02-10T05:00", "text", "Nước lên nhanh.", "f_moved", "120", "nosecret", "1").
			wants("Báo cáo đột xuất", "Nước lên nhanh.").path
		if !strings.HasPrefix(paper, "/papers/") {
			t.Fatalf("a report that needs a signature leads to %s", paper)
		}
		writer, lead := s.visit("xa"), s.visit("flood")
		writer.open("/su-co").wants("Lũ ống hai phường", "Báo cáo đang trình ký")
		lead.open("/su-co").lacks("Lũ ống hai phường")
		writer.open(paper).must(paper+"/submit", "nosecret", "1")
		s.visit("xa-head").open(paper).must(paper + "/review")
		s.visit("xa-leader").open(paper).must(paper + "/sign")
		lead.open("/su-co").lacks("Lũ ống hai phường")
		s.visit("xa-clerk").open(paper).send(paper+"/release", "nosecret", "1")
		lead.open("/su-co").wants("Lũ ống hai phường")

		in := incident.Report{Type: incident.Disaster, Title: "Sạt lở chân đèo", Text: "Đất trôi.", OccurredAt: lttest.Start, Spot: true}
		x := s.reportsAs("xa", in)
		lead.open(incidentPath(x.ID)).wants("chờ lãnh đạo")
		writer.open(incidentPath(x.ID)).lacks("Xác nhận báo cáo gửi từ hiện trường")
		boss := s.visit("xa-leader").open(incidentPath(x.ID)).wants("Xác nhận báo cáo gửi từ hiện trường")
		boss.must(incidentPath(x.ID) + "/confirm").lacks("chờ lãnh đạo")
	})
}
