package setting_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/setting"
)

// Every default is a value that its own setting takes, and every one says what it means.
func TestDefaultsHold(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range setting.Declared() {
		if seen[s.Name] || !regexp.MustCompile(`^[a-z]+\.[a-z_]+$`).MatchString(s.Name) || s.Means == "" {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		if kept, err := s.Check(s.Default); err != nil || kept != s.Default {
			t.Errorf("%s: default %q is kept as %q: %v", s.Name, s.Default, kept, err)
		}
		if (s.Least == "") != (s.Most == "") || s.Least == "" && (s.Kind == setting.Span || s.Kind == setting.Count || s.Kind == setting.Bytes) {
			t.Errorf("%s has no bounds", s.Name)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct{ name, value, kept, say string }{
		{"notice.news", "30d", "30d", "30 ngày"}, {"notice.news", "720h", "720h", "30 ngày"}, {"notice.news", "1h", "", ""}, {"notice.news", "lâu", "", ""},
		{"upload.max_file", "25MB", "26214400", "25 MB"}, {"upload.max_file", "-1", "", ""}, {"upload.max_file", "9999999999999999999999", "", ""},
		{"signin.admins_second", "false", "false", "không"}, {"signin.admins_second", "có", "", ""},
		{"upload.max_files", " 7 ", "7", "7"}, {"upload.max_files", "0", "", ""}, {"upload.clamd", "", "", "(trống)"}, {"signin.half", "90s", "90s", "90 giây"},
	} {
		s, err := setting.Of(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := s.Check(tt.value)
		if kept != tt.kept || (err != nil) != (tt.say == "") || err == nil && s.Say(kept) != tt.say {
			t.Errorf("%s = %q: kept %q (%s), %v", tt.name, tt.value, kept, s.Say(kept), err)
		}
		if err != nil && !errors.Is(err, fault.Invalid) {
			t.Errorf("%s = %q: %v", tt.name, tt.value, err)
		}
	}
}

func TestSetAndReset(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		news := func() (span time.Duration) {
			lttest.View(t, d, func(tx *db.Tx) (err error) { span, err = setting.SpanOf(tx, "notice.news"); return err })
			return span
		}
		if got := news(); got != 90*24*time.Hour {
			t.Errorf("without a row %s", got)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", "notice.news", "30d", "thử nghiệm") })
		if got := news(); got != 30*24*time.Hour {
			t.Errorf("after Set %s", got)
		}
		for name, fn := range map[string]func(tx *db.Tx) error{
			"no ground": func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", "notice.news", "40d", " ") },
			"secret": func(tx *db.Tx) error {
				return setting.Set(tx, "cli:thu", "notice.news", "40d", "TỐI MẬT\nvăn bản số 1")
			},
			"long": func(tx *db.Tx) error {
				return setting.Set(tx, "cli:thu", "notice.news", "40d", strings.Repeat("x", 5000))
			},
			"secret 2": func(tx *db.Tx) error {
				return setting.Reset(tx, "cli:thu", "notice.news", "TỐI MẬT\nvăn bản số 1")
			},
			"no such": func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", "notice.old", "40d", "x") },
			"no scheme": func(tx *db.Tx) error {
				return setting.Set(tx, "cli:thu", setting.SiteAddress, "lienthong.tinh.gov.vn", "x")
			},
			"no browser": func(tx *db.Tx) error {
				return setting.Set(tx, "cli:thu", setting.SiteAddress, "javascript:alert(1)", "x")
			},
			"no host":    func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", setting.SiteAddress, "https:///cases", "x") },
			"too long":   func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", "notice.news", "4000d", "x") },
			"never set":  func(tx *db.Tx) error { return setting.Reset(tx, "cli:thu", "request.keep", "") },
			"no such 2":  func(tx *db.Tx) error { return setting.Reset(tx, "cli:thu", "notice.old", "") },
			"no such 3 ": func(tx *db.Tx) error { _, err := setting.Get(tx, "notice.old"); return err },
		} {
			if err := d.Update(context.Background(), fn); fault.Kind(err) == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return setting.Reset(tx, "quan-tri", "notice.news", "xong") })
		if got := news(); got != 90*24*time.Hour {
			t.Errorf("after Reset %s", got)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := setting.Changes(tx, 10)
			if len(all) != 2 || all[0].By != "quan-tri" || all[0].Was != "30d" || all[0].Became != "" || all[1].Became != "30d" || all[1].Source != "thử nghiệm" {
				t.Errorf("changes %+v", all)
			}
			return err
		})
	})
}
