package main

import (
	"errors"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/signin"
)

// serve opens no office whose door the printed password of a demonstration opens, and
// does not mind the same name under another password.
func TestServeRefusesThePrintedPassword(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Office(t, d)
		open := func(login, password string) {
			t.Helper()
			phc, err := signin.NewHasher().Hash(t.Context(), signin.Secret(password))
			if err != nil {
				t.Fatal(err)
			}
			lttest.Update(t, d, func(tx *db.Tx) error { return signin.Open(tx, lttest.UnitAdmin, login, phc, false) })
		}
		if err := checkDoor(t.Context(), d); err != nil {
			t.Errorf("an office without accounts: %v", err)
		}
		open("quantri", demoPassword)
		if err := checkDoor(t.Context(), d); !errors.Is(err, fault.Conflict) {
			t.Errorf("the printed password opens: %v", err)
		}
		open("quantri", "một câu khác hẳn")
		if err := checkDoor(t.Context(), d); err != nil {
			t.Errorf("the password was changed: %v", err)
		}
	})
}
