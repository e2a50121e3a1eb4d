// Package data holds the facts that the project ships: reference tables of the model
// tenant, each with its sources and how sure they are in the columns "source" and
// "status". They are input to imports; a running office reads its own database.
package data

import "embed"

// Files are the shipped tables, UTF-8, CSV with one heading line.
//
//	holidays.csv      days off and make-up Saturdays, first revision of the calendar
//	office_hours.csv  office hours; an empty source means that no text states them
//	agencies.csv      agencies of the province and the model bodies of a commune
//	unit_parents.csv  agencies that stand under another than the province
//	units.csv         the 148 communes and wards since 01/7/2025
//	domains.csv, subfields.csv  the fourteen fields and their parts
//	paths.csv         the default path of a paper
//	boundaries.tsv    outlines of the communes as paths in a box of 1000 by 1452; see boundaries.LICENSE.txt
//	demo_*.csv        invented sections, staff and settings of the demonstration
//
//go:embed *.csv boundaries.tsv
var Files embed.FS
