// Package data holds the facts that the project ships: reference tables of the model
// tenant, each with its sources and how sure they are in the columns "source" and
// "status". They are input to imports; a running office reads its own database.
package data

import "embed"

// Files are the shipped tables, UTF-8, CSV with one heading line.
//
//	holidays.csv      days off and make-up Saturdays, first revision of the calendar
//	office_hours.csv  office hours; an empty source means that no text states them
//
//go:embed *.csv
var Files embed.FS
