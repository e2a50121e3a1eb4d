package exchange

import (
	"time"

	"lienthong/internal/db"
	"lienthong/internal/setting"
)

// Folders are where the document system leaves packets and takes them, and how often the
// first is looked into; "" is no folder.
type Folders struct {
	In, Out string // "" for none
	Every   time.Duration
}

// LoadFolders reads the settings exchange.in, exchange.out and exchange.every.
func LoadFolders(tx *db.Tx) (f Folders, err error) {
	all, err := setting.Values(tx, "exchange.")
	if err != nil {
		return f, err
	}
	f.In, f.Out = all["exchange.in"], all["exchange.out"]
	f.Every, err = setting.SpanOf(tx, "exchange.every")
	return f, err
}
