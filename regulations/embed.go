// Package regulations carries the regulations as data: one folder a regulation
// (identity, clauses, rules, where it names fields the list of fields) and
// profiles/, one file a profile. It is the input of `regulation adopt` and of the
// regulation package's checks; running operations never read it.
//
// Only facts, clause ids, citations and short wordings stand here; the sentences
// of the regulations stay in the documents that were issued.
package regulations

import "embed"

// FS holds <id>/{regulation.yaml, clauses.tsv, rules.yaml, fields.tsv, shown.tsv} and
// profiles/<id>.yaml, as they stand beside this file.
//
//go:embed */*.yaml */*.tsv
var FS embed.FS
