// Package house keeps the house rules: its tests parse the sources of the whole module.
//
// They hold the floors (who may import whom), the budgets of functions, files and
// comments, the comment on every package and exported name, the one clock, the SQL
// that both databases speak, access.Visible in every list of cases, and templates that
// are generated and used. The tests parse files themselves: asking the go tool would
// let the test cache answer for sources that have changed since.
package house
