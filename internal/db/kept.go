package db

// Committed runs fn once what this transaction has read is known to be committed: at
// once in a view, after the commit in an update, never when the update fails. Caches
// of things that do change (with their change number) are filled through it; fn must
// not use the transaction.
func (tx *Tx) Committed(fn func()) {
	if tx.writes {
		tx.Done(fn)
		return
	}
	fn()
}
