package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract/propose"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
)

// The second reader on the pages: off nobody sees it; turned on by the administrator, the
// text leaves once, after an officer saw where to; its proposals stand apart, one is taken
// over, one left; a bad answer is said; what is marked secret never leaves.
func TestSecondReader(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		answer := `{"tasks":[{"lead":["Sở Tư pháp"],"content":"hướng dẫn chứng thực bản sao điện tử, hoàn thành trước ngày 20/3/2026","deadline":"trước ngày 20/3/2026"},
		 {"lead":["Sở Khoa học và Công nghệ"],"content":"chuẩn bị phục vụ người dân","clause":"V/v"},
		 {"lead":["Các sở, ban, ngành"],"content":"có ý kiến chỉ đạo như sau"},
		 {"lead":["Sở Tư pháp"],"content":"một việc không hề có trong văn bản này"}]}`
		var asked atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			if r.Header.Get("Authorization") != "Bearer khoa-thu" {
				t.Errorf("authorization %q", r.Header.Get("Authorization"))
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": answer}}}})
		}))
		defer server.Close()

		desk := s.visit("order-desk")
		at := desk.open("/directives/new").must("/directives", "text", orderText, "nosecret", "1").lacks("Hỏi người đọc thứ hai").path
		if a := s.get(desk.c, at+"/second"); a.StatusCode != 409 {
			t.Errorf("asked while it is off: %d", a.StatusCode)
		}
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			for name, value := range map[string]string{"reader.on": "true", "reader.address": server.URL + "/v1", "reader.model": "mo-hinh-thu"} {
				if err := setting.Set(tx, "test", name, value, "thử"); err != nil {
					return err
				}
			}
			return nil
		})
		root := s.root()
		root.open("/admin/channels/reader").must("/admin/channels/reader", "secret", "khoa-thu").wants("Đã lưu khoá").lacks("khoa-thu")

		desk.open(at).wants("Hỏi người đọc thứ hai")
		desk.open(at+"/second").wants("sẽ rời hệ thống này", "mo-hinh-thu").must(at+"/second").wants("Đang đọc", "mô hình ngôn ngữ, chưa ai đối chiếu")
		if n := asked.Load(); n != 0 {
			t.Fatalf("%d bytes left inside the transaction", n)
		}
		if a := desk.open(at + "/second").send(at + "/second"); a.StatusCode != 409 {
			t.Errorf("two questions at once: %d", a.StatusCode)
		}
		s.sent(t)
		page := desk.open(at).wants("Trùng nhiệm vụ 1", "Nhận vào các đề xuất", "1 đề xuất khác bị bỏ", "Gửi văn bản cho người đọc thứ hai").lacks("khoa-thu", "không hề có trong văn bản")
		if asked.Load() != 1 || strings.Count(page.words(), "Đề xuất thêm") != 2 {
			t.Errorf("asked %d times: %.2000s", asked.Load(), page.words())
		}
		page.must(at+"/second-take", "t", "2").wants("Đã nhận", "4 nhiệm vụ đề xuất", "người thêm")
		desk.open(at).must(at+"/second-leave", "t", "3").wants("Đã bỏ qua", "4 nhiệm vụ đề xuất")
		id := casefile.ID(strings.TrimPrefix(at, "/directives/"))
		if err := s.DB.Update(t.Context(), func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, s.people["order-desk"])
			if err == nil {
				_, err = directive.TakeSecond(tx, who, id, 2, 0)
			}
			return err
		}); !errors.Is(err, fault.Conflict) {
			t.Errorf("taken twice: %v", err)
		}

		answer = "tôi từ chối"
		desk.open(at + "/second").must(at + "/second")
		s.sent(t)
		desk.open(at).wants("Không đọc được", "không đúng mẫu", "4 nhiệm vụ đề xuất")

		// who may not edit the directive may not send it anywhere
		if a := s.get(s.as(s.people["specialist"]), at+"/second"); a.StatusCode != 404 {
			t.Errorf("a stranger gets %d", a.StatusCode)
		}
		// turned off between the question and the sending: nothing leaves
		desk.open(at + "/second").must(at + "/second")
		before := asked.Load()
		lttest.Update(t, s.DB, func(tx *db.Tx) error { return setting.Set(tx, "test", "reader.on", "false", "tắt") })
		s.sent(t)
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			got, err := directive.SecondOf(tx, id)
			if err == nil && (got.State != directive.SecondFailed || asked.Load() != before) {
				t.Errorf("turned off, yet %+v, asked %d", got, asked.Load()-before)
			}
			return err
		})
	})
}

// sent hands over what waits for the second reader, as the server's background does.
func (s *provinceSite) sent(t *testing.T) {
	t.Helper()
	carrier := outbox.New(s.DB, "test")
	carrier.Define(propose.SecondKind, (&propose.SecondSender{DB: s.DB, Key: channel.ReaderKey}).Send)
	if _, err := carrier.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
}
