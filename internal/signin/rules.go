package signin

import (
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// Rules are the settings of the door. Every one can be set in the table of settings
// under the name in its comment; lengths of time are written as Go writes them (30m, 12h).
type Rules struct {
	Idle         time.Duration // signin.idle: a session unused for so long is over
	Absolute     time.Duration // signin.absolute: a session is over after so long, used or not
	Half         time.Duration // signin.half: how long a password waits for its code
	MinPassword  int           // signin.min_password: letters
	AdminsSecond bool          // signin.admins_second: administrators need a second factor
	AccountFree  int           // signin.account_free: failures of an account before any delay
	AddressFree  int           // signin.address_free: the same for an address, which a whole office may share
	FirstWait    time.Duration // signin.first_wait: the first delay; each further failure doubles it
	LongestWait  time.Duration // signin.longest_wait
	Forget       time.Duration // signin.forget: failures older than this count no more
	KeepBook     time.Duration // signin.keep_book: how long the book of the door is kept
	TokenLife    time.Duration // signin.token_life: of a token made without an end
	TokenRate    int           // limit.token: requests a second of a token or a session
	AddressRate  int           // limit.address: requests a second of an address that shows no valid session or token
}

// Shipped are the rules of an office that has set none.
func Shipped() Rules {
	return Rules{
		Idle: 4 * time.Hour, Absolute: 12 * time.Hour, Half: 10 * time.Minute,
		MinPassword: 10, AdminsSecond: true,
		AccountFree: 5, AddressFree: 30, FirstWait: 5 * time.Second, LongestWait: 15 * time.Minute, Forget: 24 * time.Hour,
		KeepBook: 365 * 24 * time.Hour, TokenLife: 365 * 24 * time.Hour, TokenRate: 50, AddressRate: 20,
	}
}

// Load returns the shipped rules with what this tenant set. A setting that cannot be
// read is an error: a door must not fall back in silence.
func Load(tx *db.Tx) (r Rules, err error) {
	defer fault.Wrap(&err, "load sign-in settings")
	r = Shipped()
	spans := map[string]*time.Duration{
		"signin.idle": &r.Idle, "signin.absolute": &r.Absolute, "signin.half": &r.Half, "signin.first_wait": &r.FirstWait,
		"signin.longest_wait": &r.LongestWait, "signin.forget": &r.Forget, "signin.token_life": &r.TokenLife, "signin.keep_book": &r.KeepBook,
	}
	counts := map[string]*int{
		"signin.min_password": &r.MinPassword, "signin.account_free": &r.AccountFree, "signin.address_free": &r.AddressFree,
		"limit.token": &r.TokenRate, "limit.address": &r.AddressRate,
	}
	err = tx.All(`SELECT name, value FROM setting WHERE name LIKE 'signin.%' OR name LIKE 'limit.%' ORDER BY name`, nil,
		func(rows *sql.Rows) error {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return err
			}
			var bad error
			switch {
			case spans[name] != nil:
				*spans[name], bad = time.ParseDuration(value)
			case counts[name] != nil:
				*counts[name], bad = strconv.Atoi(value)
			case name == "signin.admins_second":
				r.AdminsSecond, bad = strconv.ParseBool(value)
			}
			if bad != nil {
				return fmt.Errorf("setting %s: %w", name, bad)
			}
			return nil
		})
	return r, err
}

// wait is the delay after n failures in a row of which free cost nothing.
func (r Rules) wait(n int64, free int) time.Duration {
	over := n - int64(free)
	if over <= 0 {
		return 0
	}
	d := r.FirstWait
	for ; over > 1 && d < r.LongestWait; over-- {
		d *= 2
	}
	return min(d, r.LongestWait)
}
