package web

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Every number of the map and its table opens a list of as many rows, and the page is light.
func TestMapIsItsLists(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		over := s.visit("overseer").open("/ban-do").wants("Xã, phường đang chờ sở, ngành trả lời")
		seen := 0
		for to, text := range over.links("/board/list") {
			n, err := strconv.Atoi(strings.ReplaceAll(strings.Fields(strings.TrimPrefix(text, "! "))[0], ".", ""))
			if err != nil {
				continue // a shape, whose words are its label; its figure is the table's
			}
			seen++
			if u, err := url.Parse(to); err != nil || u.Query().Get("rule") == "" {
				t.Errorf("%s names no act", to)
			}
			if got := s.rows(over.c, to); got != n {
				t.Errorf("%s says %d and lists %d", to, n, got)
			}
		}
		if seen == 0 {
			t.Error("no number on the map: nothing proved")
		}
		var page, packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if err := html.Render(&page, s.get(over.c, "/ban-do").root); err != nil {
			t.Fatal(err)
		}
		_, _ = z.Write(page.Bytes())
		_ = z.Close()
		if packed.Len() > 60_000 || strings.Contains(page.String(), "style=") || !strings.Contains(page.String(), "<path") {
			t.Errorf("the map weighs %d bytes packed, or carries a style of its own", packed.Len())
		}
		over.open("/trang-lanh-dao").wants("Quá hạn lâu nhất", "Đến hạn trong 3 ngày làm việc")
		over.open("/tong-hop-nam").wants("Tổng hợp kết quả phối hợp hằng năm")
		s.get(s.as(s.people["specialist"]), "/ban-do").want(t, 403)
	})
}
