package signin

import (
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// Rules are the settings of the door. Every one can be set in the table of settings
// under the name in its comment; defaults and bounds stand in the one list of package setting.
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
	KeepEnded    time.Duration // signin.keep_ended: how long ended sessions stay in the store
	DeviceLife   time.Duration // signin.device_life: how long a browser is known; each sign-in begins it anew
	TokenLife    time.Duration // signin.token_life: of a token made without an end
	TokenRate    int           // limit.token: requests a second of a token or a session
	AddressRate  int           // limit.address: requests a second of an address that shows no valid session or token
}

// Load returns the rules that this tenant set, over the defaults of the list of settings.
// A setting that cannot be read is an error: a door must not fall back in silence.
func Load(tx *db.Tx) (r Rules, err error) {
	defer fault.Wrap(&err, "load sign-in settings")
	door, err := setting.Values(tx, "signin.")
	if err != nil {
		return r, err
	}
	limit, err := setting.Values(tx, "limit.")
	span := func(name string) time.Duration { return time.Duration(setting.Number(door, "signin."+name)) }
	count := func(name string) int { return int(setting.Number(door, "signin."+name)) }
	return Rules{
		Idle: span("idle"), Absolute: span("absolute"), Half: span("half"),
		MinPassword: count("min_password"), AdminsSecond: count("admins_second") == 1,
		AccountFree: count("account_free"), AddressFree: count("address_free"),
		FirstWait: span("first_wait"), LongestWait: span("longest_wait"), Forget: span("forget"),
		KeepBook: span("keep_book"), KeepEnded: span("keep_ended"), DeviceLife: span("device_life"), TokenLife: span("token_life"),
		TokenRate: int(setting.Number(limit, "limit.token")), AddressRate: int(setting.Number(limit, "limit.address")),
	}, err
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
