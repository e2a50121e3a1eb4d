package channel

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
)

// Letters returns dead letters that an actor looks after: all of them for the province's
// administrators (unit ""), else those of a unit's own hooks. Oldest first, at most limit.
func Letters(tx *db.Tx, who org.Actor, unit org.UnitID, limit int) (all []*outbox.Message, err error) {
	if unit == "" {
		if err := root(who); err != nil {
			return nil, err
		}
		return outbox.Letters(tx, "", limit)
	}
	if err := administers(tx, who, unit); err != nil {
		return nil, err
	}
	list, err := hooks(tx, `unit = $1`, string(unit))
	for _, h := range list {
		if err != nil || len(all) >= limit {
			break
		}
		var some []*outbox.Message
		some, err = outbox.LettersTo(tx, HookKind, string(h.ID), limit-len(all))
		all = append(all, some...)
	}
	return all, err
}

// LetterOf returns one message for who looks after it; for anyone else it does not
// exist.
func LetterOf(tx *db.Tx, who org.Actor, id outbox.ID) (*outbox.Message, error) {
	m, err := outbox.Get(tx, id)
	if err != nil || who.Root {
		return m, err
	}
	if m.Kind != HookKind {
		return nil, fault.NotFound
	}
	_, err = HookOf(tx, who, HookID(m.Target))
	return m, err
}

// Again sends a dead letter again.
func Again(tx *db.Tx, who org.Actor, id outbox.ID) error {
	m, err := LetterOf(tx, who, id)
	if err != nil {
		return err
	}
	return outbox.Again(tx, m.ID)
}

// Drop gives a dead letter up.
func Drop(tx *db.Tx, who org.Actor, id outbox.ID) error {
	m, err := LetterOf(tx, who, id)
	if err != nil {
		return err
	}
	return outbox.Drop(tx, m.ID)
}
