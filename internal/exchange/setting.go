package exchange

import (
	"time"

	"lienthong/internal/db"
	"lienthong/internal/setting"
)

// Folders are where the document system leaves packets and takes them, how often the first
// is looked into, and when a packet that somebody began to read is read anew; "" is no folder.
type Folders struct {
	In, Out string // "" for none
	Every   time.Duration
	Stale   time.Duration
}

// LoadFolders reads the settings exchange.in, exchange.out, exchange.every and exchange.stale.
func LoadFolders(tx *db.Tx) (f Folders, err error) {
	all, err := setting.Values(tx, "exchange.")
	if err != nil {
		return f, err
	}
	f.In, f.Out = all["exchange.in"], all["exchange.out"]
	f.Every = time.Duration(setting.Number(all, "exchange.every"))
	f.Stale = time.Duration(setting.Number(all, "exchange.stale"))
	return f, nil
}
