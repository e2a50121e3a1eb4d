package petition

import (
	"net/url"

	"lienthong/internal/casefile"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// StateOrder lists the states in the order in which a filter offers them.
var StateOrder = []string{Draft, Received, Directed, Answered, Reopened, Settled, Returned}

// StateCondition is the state of a petition as a condition.
var StateCondition = filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), StateOrder...)...)

// OutcomeCondition is what the last answer came to, as a condition.
var OutcomeCondition = filter.Choice("outcome", "Kết quả trả lời", filter.Options(Outcome.Say, Outcomes...)...)

// Conditions are those of every list of petitions: see ListFilter.
var Conditions = filter.Set{
	StateCondition, filter.Field("field", "Lĩnh vực").Saying("kể cả lĩnh vực con"), filter.Commune("commune", "Xã, phường kiến nghị"),
	filter.Unit("lead", "Cơ quan chủ trì"), OutcomeCondition, filter.Day("from", "Nêu từ ngày"), filter.Day("to", "Nêu đến ngày"),
	filter.Yes("late", "Quá hạn chưa trả lời"), filter.ID("case", "Kiến nghị được chọn").Several(),
}

// FilterOf reads the filter of an address that Conditions have read.
func FilterOf(q url.Values) (f ListFilter) {
	f = ListFilter{State: q.Get("state"), Field: q.Get("field"), Raiser: org.UnitID(q.Get("commune")), Lead: org.UnitID(q.Get("lead")),
		Outcome: Outcome(q.Get("outcome")), Late: q.Get("late") != ""}
	f.From, _ = workday.ParseDate(q.Get("from")) // written by Conditions, or absent
	f.To, _ = workday.ParseDate(q.Get("to"))
	for _, id := range q["case"] {
		f.IDs = append(f.IDs, casefile.ID(id))
	}
	return f
}
