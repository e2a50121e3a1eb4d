package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// An Officer (cán bộ, công chức, viên chức) is a person, whatever posts he holds.
type Officer struct {
	ID       OfficerID
	Name     string
	Email    string
	Phone    string
	Active   bool // may sign in; false once he left
	Invented bool // made up for demonstration
}

// A Held is an officer with one of his posts.
type Held struct {
	Officer Officer
	Post    Post
}

// ActorOf returns the officer with the posts he holds on the day of the request. It
// costs one read, of the change number, when this node has seen him since the last
// change. An officer who left is fault.Denied.
func ActorOf(tx *db.Tx, id OfficerID) (Actor, error) {
	c, err := changes(tx)
	if err != nil {
		return Actor{}, err
	}
	o, err := kept(tx)
	if err != nil {
		return Actor{}, err
	}
	day := today(tx)
	// a transaction that changed the office itself reads what it wrote, never what is
	// kept
	if !c.mine {
		if a, ok := o.actor(c, day, id); ok {
			return a, nil
		}
	}
	a, err := readActor(tx, id, day)
	if err == nil && !c.mine {
		was := *c
		// only what is committed may be kept: others would act on a change that was
		// rolled back
		tx.Committed(func() { o.keepActor(was, day, a) })
	}
	return a, err
}

// readActor reads an officer from the tables, at the first request and after each
// change.
func readActor(tx *db.Tx, id OfficerID, day workday.Date) (a Actor, err error) {
	defer fault.Wrap(&err, "read actor %s", id)
	o, err := OfficerOf(tx, id)
	if err != nil {
		return a, err
	}
	if !o.Active {
		return a, fault.Refuse(fault.Denied, "Tài khoản của %s đã ngừng sử dụng.", o.Name)
	}
	a = Actor{Officer: id, Name: o.Name}
	if a.Posts, err = postsOf(tx, id, day); err != nil {
		return a, err
	}
	if a.Cover, err = covered(tx, id, day); err != nil {
		return a, err
	}
	d, err := units(tx)
	if err != nil {
		return a, err
	}
	// an administrator of the unit above all others keeps the whole province's system
	a.Root = slices.ContainsFunc(a.Posts, func(p Post) bool {
		u := d.byID[p.Unit]
		return p.Role == Admin && u != nil && u.Parent == "" && !u.Requested
	})
	return a, nil
}

// OfficerOf returns an officer; an unknown id is a fault.NotFound.
func OfficerOf(tx *db.Tx, id OfficerID) (o Officer, err error) {
	err = tx.One(`SELECT id, name, email, phone, active, invented FROM officer WHERE id = $1`, []any{id},
		&o.ID, &o.Name, &o.Email, &o.Phone, &o.Active, &o.Invented)
	if fault.Kind(err) == fault.NotFound {
		return o, fault.Refuse(fault.NotFound, "Không có cán bộ nào mang mã %q.", id)
	}
	return o, err
}

const postColumns = `p.id, p.officer, p.unit, coalesce(p.section, ''), p.role, p.title, p.deputy, p.acting, p.since, p.until`

// The columns of a post in their order.
func (p *Post) dest() []any {
	return []any{&p.ID, &p.Officer, &p.Unit, &p.Section, &p.Role, &p.Title, &p.Deputy, &p.Acting, &p.Since, &p.Until}
}

// postsOf returns the posts of an officer on a day, in a steady order.
func postsOf(tx *db.Tx, id OfficerID, on workday.Date) (all []Post, err error) {
	err = tx.All(`SELECT `+postColumns+` FROM post p WHERE p.officer = $1
		AND p.since <= $2 AND (p.until IS NULL OR p.until > $2) ORDER BY p.since, p.id`, []any{id, on}, scanPost(&all))
	return all, err
}

// Collects posts of a query.
func scanPost(all *[]Post) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var p Post
		if err := r.Scan(p.dest()...); err != nil {
			return err
		}
		*all = append(*all, p)
		return nil
	}
}

// PostOf returns a post, held now or before; an unknown id is a fault.NotFound.
func PostOf(tx *db.Tx, id PostID) (p Post, err error) {
	err = tx.One(`SELECT `+postColumns+` FROM post p WHERE p.id = $1`, []any{id}, p.dest()...)
	if fault.Kind(err) == fault.NotFound {
		return p, fault.Refuse(fault.NotFound, "Không có chức danh nào mang mã %q.", id)
	}
	return p, err
}
