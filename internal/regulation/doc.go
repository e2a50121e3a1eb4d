// Package regulation turns regulations (quy chế), kept as data, into the rulebook
// that operations obey.
//
// A slice declares the keys it knows (Key); a regulation binds keys to values and to
// the clause that says so; a profile says which regulations are in force in one
// tenant, who plays which role and which unit has which field. Compile joins the
// three into a Rulebook: immutable, canonical bytes, known by its hash. Operations
// ask only the rulebook stored in the database (Apply, Current, ByHash); the folders
// are input to adoption. What a rule means to a case is the slice's affair, when
// something is due is workday's and duty's.
package regulation
