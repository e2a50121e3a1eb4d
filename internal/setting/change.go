package setting

import (
	"database/sql"
	"errors"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// All returns every setting as it stands, in the order of the list.
func All(tx *db.Tx) (all []State, err error) {
	defer fault.Wrap(&err, "settings")
	set := map[string]State{}
	err = tx.All(`SELECT name, value, source, set_at FROM setting ORDER BY name`, nil, func(r *sql.Rows) error {
		s := State{Set: true}
		err := r.Scan(&s.Name, &s.Value, &s.Source, db.Instant(&s.SetAt))
		set[s.Name] = s
		return err
	})
	for _, d := range list {
		s := State{Setting: d, Value: d.Default, Source: Ground}
		if was, ok := set[d.Name]; ok {
			s = was
			s.Setting = d
		}
		all = append(all, s)
	}
	return all, err
}

// Get returns one setting as it stands; a name that is not declared is a fault.NotFound.
func Get(tx *db.Tx, name string) (s State, err error) {
	if _, err := Of(name); err != nil {
		return s, err
	}
	all, err := All(tx)
	for _, x := range all {
		if x.Name == name {
			s = x
		}
	}
	return s, err
}

// Set changes a setting and keeps who did it - an officer, or "cli:" and a name - and on what
// ground, which is asked for: whoever reads the list later must know why. A value that the
// setting does not take is refused at the field "value".
func Set(tx *db.Tx, by, name, value, source string) (err error) {
	defer fault.Wrap(&err, "set %s", name)
	s, err := Of(name)
	if err != nil {
		return err
	}
	if value, err = s.Check(value); err != nil {
		return err
	}
	if source, err = groundOf(source); err != nil {
		return err
	}
	if source == "" {
		return fault.Field("source", "Ghi căn cứ hoặc lý do thay đổi, để người sau hiểu.")
	}
	was, err := held(tx, name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, source = excluded.source, set_at = excluded.set_at`,
		name, value, by+": "+source, tx.Now); err != nil {
		return err
	}
	return changed(tx, Change{Name: name, Was: was, Became: value, Source: source, By: by})
}

// longestSource bounds the ground of a change, in letters.
const longestSource = 1000

// groundOf checks the ground that a person gives: it stands in a list that administrators
// read for years.
func groundOf(source string) (string, error) {
	source = strings.TrimSpace(vntext.NFC(source))
	if len([]rune(source)) > longestSource {
		return "", fault.Field("source", "Căn cứ dài quá %d chữ.", longestSource)
	}
	if mark, found := vntext.SecretMark(source); found {
		return "", fault.Field("source", "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return source, nil
}

// Reset brings the default back. One that was not set is a fault.Conflict.
func Reset(tx *db.Tx, by, name, source string) (err error) {
	defer fault.Wrap(&err, "reset %s", name)
	if _, err := Of(name); err != nil {
		return err
	}
	if source, err = groundOf(source); err != nil {
		return err
	}
	was, err := held(tx, name)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM setting WHERE name = $1`, name)
	if err == nil && n == 0 {
		return fault.Refuse(fault.Conflict, "%s đang ở mức mặc định.", name)
	}
	if err != nil {
		return err
	}
	return changed(tx, Change{Name: name, Was: was, Source: source, By: by})
}

// held returns the value that was set, "" where the default holds.
func held(tx *db.Tx, name string) (value string, err error) {
	err = tx.One(`SELECT value FROM setting WHERE name = $1`, []any{name}, &value)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return value, err
}

// Bumps the version, so that every node forgets the old value, and writes down who changed it.
func changed(tx *db.Tx, c Change) error {
	if err := tx.Bump(versionName); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO setting_change (id, name, was, became, source, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), c.Name, c.Was, c.Became, c.Source, c.By, tx.Now)
	return err
}

// Changes returns the newest changes, at most limit.
func Changes(tx *db.Tx, limit int) (all []Change, err error) {
	err = tx.All(`SELECT name, was, became, source, by_whom, at FROM setting_change ORDER BY id DESC LIMIT $1`, []any{limit}, func(r *sql.Rows) error {
		var c Change
		err := r.Scan(&c.Name, &c.Was, &c.Became, &c.Source, &c.By, db.Instant(&c.At))
		all = append(all, c)
		return err
	})
	return all, err
}
