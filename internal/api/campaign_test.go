package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lienthong/internal/org"
)

// An instant that is none, or stands before what it must follow, is refused by its field with
// a sentence that says what is wanted; at no address of campaigns does it only say "JSON".
func TestInstantsOfCampaigns(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk := f.somebody("van-phong-ubnd-tinh", org.Desk)
		open := object{"title": "Đợt", "number": "9/UBND", "issued_on": "2026-02-09", "until": "2026-03-06T16:00:00+07:00"}
		path := "/api/v1/campaigns/" + f.do(desk, "POST", "/api/v1/campaigns", open).want(t, http.StatusCreated).text("id")
		f.do(desk, "POST", path+"/plan", object{"at": "2026-03-10T08:00:00+07:00"}).want(t, http.StatusOK)
		ask := func(by any) object { return object{"number": "10/UBND", "issued_on": "2026-02-10", "by": by} }
		tests := []struct {
			path, field string
			body        object
			says        string
		}{
			{"/ask", "by", ask("16h00 ngày 04/8/2025"), "RFC 3339"},
			{"/ask", "by", ask("2026-03-09"), "RFC 3339"},
			{"/ask", "by", ask("2026-02-30T16:00:00+07:00"), "RFC 3339"},
			{"/ask", "by", ask("2026-03-09T16:00:00"), "RFC 3339"}, // no zone: whose hour is it?
			{"/ask", "by", ask(1754298000), "chuỗi chữ"},
			{"/ask", "by", ask(""), "trước giờ nào"},
			{"/ask", "by", ask("2026-02-01T16:00:00+07:00"), "sau lúc này"},
			{"/ask", "by", ask("2026-03-09T16:00:30+07:00"), "đến phút"},
			{"/ask", "by", ask("2026-03-11T08:00:00+07:00"), "08h00 ngày 10/03/2026"},
			{"/plan", "at", object{"at": "mai"}, "RFC 3339"},
			{"/plan", "at", object{"at": "2026-03-05T08:00:00+07:00"}, "16h00 ngày 06/03/2026"},
			{"/move", "until", object{"until": "06/03/2026"}, "RFC 3339"},
			{"/move", "until", object{"until": "2026-03-12T08:00:00+07:00"}, "08h00 ngày 10/03/2026"},
			{"", "until", object{"title": "Đợt", "number": "9/UBND", "issued_on": "2026-02-09", "until": "hết tuần"}, "RFC 3339"},
			{"", "issued_on", object{"title": "Đợt", "number": "9/UBND", "issued_on": "09/02/2026", "until": "2026-03-06T16:00:00+07:00"}, "2026-02-26"},
		}
		for _, tt := range tests {
			to := path + tt.path
			if tt.path == "" {
				to = "/api/v1/campaigns"
			}
			got := f.do(desk, "POST", to, tt.body).want(t, http.StatusUnprocessableEntity)
			if !strings.Contains(got.raw, `"field":"`+tt.field+`"`) || !strings.Contains(got.raw, tt.says) {
				t.Errorf("%s %v: %s", to, tt.body, got.raw)
			}
		}
		got := f.do(desk, "POST", path+"/begin", object{}).want(t, http.StatusConflict)
		if !strings.Contains(got.raw, "16h00 ngày 06/03/2026") {
			t.Errorf("begun while communes may enter: %s", got.raw)
		}
	})
}
