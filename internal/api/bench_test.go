package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"lienthong/internal/lttest/province"
)

// How many inboxes of 25 duties the face answers a second, without the network.
func BenchmarkInbox(b *testing.B) {
	d, clock := province.SQLite(b)
	f := open(b, d, clock)
	for i := range 60 {
		body := f.raiseBody()
		body["title"] = fmt.Sprintf("Chưa thực hiện được chứng thực bản sao điện tử %d", i)
		f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", body).want(b, http.StatusCreated)
		clock.Add(time.Second)
	}
	token := "Bearer " + f.token(f.office.Leader.Officer)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest("GET", "/api/v1/inbox?unit="+string(f.office.DepartmentUnit)+"&limit=25", nil)
			r.Header.Set("Authorization", token)
			w := httptest.NewRecorder()
			if f.ServeHTTP(w, r); w.Code != http.StatusOK {
				b.Error(w.Code, w.Body)
			}
		}
	})
}

// How many petitions are raised a second, each in its own durable update.
func BenchmarkRaise(b *testing.B) {
	d, clock := province.SQLite(b)
	f := open(b, d, clock)
	f.token(f.office.Commune.Officer)
	b.SetParallelism(16)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", f.raiseBody()).want(b, http.StatusCreated)
		}
	})
}
