package web

import (
	"lienthong/internal/bank"
	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/directive"
	"lienthong/internal/group"
	"lienthong/internal/incident"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/score"
	"lienthong/internal/tracker"
)

// A caseKind is how pages that know no slice speak of a case: notices, searches.
type caseKind struct {
	page   func(id casefile.ID) string
	word   string            // "" for petitions, which need none
	states map[string]string // as the kind itself names them
}

// caseKinds is every kind of case. A test finds the kinds in the sources: one that stands not
// here would have notices that lead nowhere.
var caseKinds = map[string]caseKind{
	petition.CaseKind:        {casePath, "", petition.States},
	programme.CaseKind:       {programmeCasePath, "chương trình, kế hoạch", programme.States},
	programme.ItemKind:       {workPath, "việc trong chương trình", programme.States},
	directive.CaseKind:       {directivePath, "văn bản chỉ đạo", directive.States},
	directive.AssignmentKind: {assignmentPath, "nhiệm vụ được giao", directive.States},
	incident.CaseKind:        {incidentPath, "sự cố, việc liên xã", incident.States},
	group.CaseKind:           {groupPath, "nhóm vấn đề", group.States},
	bank.CaseKind:            {bankPath, "kho giải đáp", bank.States},
	campaign.CaseKind:        {campaignPath, "đợt tổng hợp", campaign.States},
	campaign.ItemKind:        {campaignItemPath, "nội dung của đợt tổng hợp", campaign.ItemStates},
	score.CaseKind:           {scorePath, "tổng hợp hằng năm", score.States},
	tracker.PublicationKind:  {publicationPath, "công khai kết quả", tracker.PublicationStates},
}

// pageOf is the page of a case, by its kind; "" of a kind that has none.
func pageOf(c *casefile.Case) string {
	if k, ok := caseKinds[c.Kind]; ok {
		return k.page(c.ID)
	}
	return ""
}
