package web

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/outbox"
	"lienthong/internal/petition"
	"lienthong/internal/setting"
)

// An officer chooses how he is told; what is refused stands at its field, and what must be
// done cannot be turned off.
func TestOwnChannels(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.Says = petition.Notices
		v := s.visit("clerk")
		const page = "/profile/channels"
		v.open("/profile").wants("Cách nhận thông báo")
		v.open(page).wants("chưa đặt máy chủ gửi thư", "chưa có căn cứ", "Xã xác nhận đã giải quyết được").lacks("Có kiến nghị mới đến đơn vị")
		v.send(page, "mail", "1", "digest", "25:00").want(t, 422, "Ghi giờ dạng 16:00")
		v.open(page).send(page, "mail", "1", "quiet_from", "20:00").want(t, 422, "Ghi cả giờ đầu và giờ cuối")
		v.open(page).send(page, "mail", "1", "muted", "petition.arrived").want(t, 422, "không tắt được")
		v.open(page).must(page, "mail", "1", "digest", "16:00", "quiet_from", "20:00", "quiet_to", "06:30", "hours", "yes", "muted", "petition.settled").wants("Đã lưu cách nhận")
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			c, err := channel.ChoiceOf(tx, s.people["clerk"])
			if !c.Mail || c.DigestAt != 16*60 || c.QuietTo != 6*60+30 || !c.OfficeHours || len(c.Muted) != 1 {
				t.Errorf("kept %+v", c)
			}
			return err
		})
	})
}

// The line on the case page is the line that a gateway gets; the overseer sees counts of
// readers and no names, others see nothing.
func TestLineAndReceipts(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		v := s.visit("clerk").open("/notices").wants("Có kiến nghị mới đến đơn vị")
		v.open("/notices/seen").wants("chưa xem thông báo nào")
		v.open(at).wants("Chép lời nhắn", ": Có kiến nghị mới đến đơn vị. Hạn: hết ngày ").lacks("Thông báo đã được xem chưa")
		v.open("/notices/seen").wants("Đã xem lúc", "Có kiến nghị mới đến đơn vị")
		s.desk()
		s.visit("desk").open(at).wants("Thông báo đã được xem chưa", "1 người đã xem, lần đầu lúc")
	})
}

// What a browser may show by itself: lines without titles, none in the quiet hours.
func TestNews(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.raised()
		v := s.visit("clerk")
		ask := func() (lines []newsItem) {
			a := s.get(v.c, "/notices/news")
			a.want(t, 200)
			if err := json.Unmarshal([]byte(a.text), &lines); err != nil {
				t.Fatal(err)
			}
			return lines
		}
		lines := ask()
		if len(lines) != 1 || !strings.HasSuffix(lines[0].Line, ": Có kiến nghị mới đến đơn vị.") || !strings.HasPrefix(lines[0].Href, "/cases/") {
			t.Errorf("%+v", lines)
		}
		now := s.clock.Now().In(time.FixedZone("", 7*3600))
		v.open("/profile/channels").must("/profile/channels", "quiet_from", now.Add(-time.Hour).Format("15:04"), "quiet_to", now.Add(time.Hour).Format("15:04"), "hours", "")
		if lines := ask(); len(lines) != 0 {
			t.Errorf("in the quiet hours: %+v", lines)
		}
	})
}

// A unit's administrator enters a receiver, sees its key for a while, sends again what was
// given up; nobody else comes near.
func TestHooksOfAUnit(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.admins()
		admin := s.visit("admin")
		act, tab := adminUnitPath+"/hooks/add", adminUnitPath+"/hooks"
		admin.open(act).send(act, "label", "Cổng", "what", "events", "url", "http://nhan.example", "account", string(s.people["specialist"])).want(t, 422, "https")
		admin.open(act).must(act, "label", "Cổng của sở", "what", "notices", "url", "https://nhan.example/x", "account", string(s.people["specialist"])).wants("Cổng của sở", "lời nhắn: mã, loại, ngày")
		for to := range admin.links(adminUnitPath + "/hooks/secret") {
			admin.open(to).wants("whsec_")
			admin.must(adminUnitPath + "/hooks/secret").wants("Đã đặt khoá mới")
			s.clock.Add(time.Hour)
			admin.open(to).wants("Khoá không hiện lại được").lacks("whsec_")
		}
		var id outbox.ID
		lttest.Update(t, s.DB, func(tx *db.Tx) (err error) {
			var hook string
			if err := tx.One(`SELECT id FROM channel_hook`, nil, &hook); err != nil {
				return err
			}
			if id, err = outbox.Queue(tx, channel.HookKind, hook, "", []byte(`{"test":true}`), tx.Now); err != nil {
				return err
			}
			_, err = tx.Exec(`UPDATE outbox SET state = 'dead', last_error = 'nơi nhận trả lời 500' WHERE id = $1`, string(id))
			return err
		})
		admin.open(tab).wants("nơi nhận trả lời 500")
		for to := range admin.links(adminUnitPath + "/hooks/again") {
			admin.open(to).must(adminUnitPath+"/hooks/again").wants("Đã đưa vào hàng gửi lại", "Không có tin nào phải ngừng gửi")
		}
		for to := range admin.links(adminUnitPath + "/hooks/end") {
			admin.open(to).must(adminUnitPath + "/hooks/end").wants("Đơn vị chưa có nơi nhận nào")
		}
		if a := s.get(s.visit("clerk").c, tab); a.StatusCode != 403 {
			t.Errorf("a clerk gets %d", a.StatusCode)
		}
		if a := s.get(admin.c, "/admin/channels"); a.StatusCode != 403 {
			t.Errorf("the unit's administrator gets %d", a.StatusCode)
		}
	})
}

// The province's administrator sees whether mail leaves, and keeps the password, which no
// page shows and no row holds open.
func TestChannelsOfTheOffice(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		root := s.root()
		root.open("/admin/channels").wants("Chưa đặt máy chủ gửi thư", "mail.server", "hook.private")
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			for name, value := range map[string]string{"mail.server": "thu.example:587", "mail.from": "lt@tinh.example", "mail.user": "lt"} {
				if err := setting.Set(tx, "test", name, value, "thử"); err != nil {
					return err
				}
			}
			return nil
		})
		root.open("/admin/channels").wants("Chưa đặt mật khẩu máy chủ thư")
		const word = "mat-khau-may-chu-thu"
		root.open("/admin/channels/password").must("/admin/channels/password", "password", word).wants("Đã lưu mật khẩu", "sẵn sàng", "được niêm").lacks(word)
		var sealed string
		lttest.View(t, s.DB, func(tx *db.Tx) error { return tx.One(`SELECT sealed FROM channel_secret`, nil, &sealed) })
		if strings.Contains(sealed, word) {
			t.Error("the password stands open")
		}
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			id, err := outbox.Queue(tx, channel.MailKind, string(s.people["clerk"]), "", []byte(`{"test":true}`), tx.Now)
			if err == nil {
				_, err = tx.Exec(`UPDATE outbox SET state = 'dead', last_error = 'không có hộp thư' WHERE id = $1`, string(id))
			}
			return err
		})
		root.open("/admin/channels").wants("không có hộp thư", "Gửi lại hoặc bỏ")
	})
}
