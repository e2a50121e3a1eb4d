package programme

import (
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The sources of what a thing to do costs.
const (
	FundYearly  = "yearly"  // the estimate that the lead was given for the year
	FundArising = "arising" // outside it: somebody approves the estimate before it is carried out
)

// FundingWords are the sources as screens name them.
var FundingWords = map[string]string{FundYearly: "Dự toán đầu năm của đơn vị chủ trì", FundArising: "Phát sinh ngoài dự toán đầu năm"}

// sources returns from where the regulation lets a unit pay; nil where none speaks of it. A
// model of another place holds nobody up.
func sources(tx *db.Tx, unit org.UnitID) ([]string, error) {
	rule, ok, err := apply(tx, ruleFunding, unit)
	if !ok || err != nil || rule.Model {
		return nil, err
	}
	return rule.List("from"), nil
}

// funded refuses money without a source where the regulation wants one (TX108/D20.1). What
// arises is paid as such, so that nothing slips past who approves it (TX108/D20.2).
func (in *New) funded(tx *db.Tx) error {
	from, err := sources(tx, in.Lead)
	if err != nil {
		return err
	}
	if in.Arising && in.Funding == "" {
		in.Funding = FundArising
	}
	switch {
	case in.Estimate < 0:
		return fault.Field("estimate", "Số tiền không được âm.")
	case in.Funding != "" && FundingWords[in.Funding] == "":
		return fault.Field("funding", "Hãy chọn nguồn kinh phí trong danh sách.")
	case in.Funding != "" && in.Arising != (in.Funding == FundArising):
		return fault.Field("funding", "Việc phát sinh chi ngoài dự toán đầu năm; việc khác chi từ dự toán đầu năm.")
	case in.Funding == FundYearly && in.Estimate == 0:
		return fault.Field("estimate", "Hãy ghi số tiền chi từ dự toán đầu năm.")
	case in.Estimate > 0 && from != nil && !slices.Contains(from, in.Funding):
		return fault.Field("funding", "Việc có chi tiền thì nêu nguồn kinh phí.")
	}
	return nil
}

// recordFunding keeps in the history from where the money comes, where the regulation wants
// it named.
func (x *Item) recordFunding(tx *db.Tx, who org.Actor) error {
	from, err := sources(tx, x.Lead)
	if err != nil || from == nil || x.Estimate == 0 {
		return err
	}
	_, err = casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.funded", By: who,
		Facts: map[string]string{"from": x.Funding, "amount": itoa(x.Estimate)}}, "TX108/D20.1")
	return err
}
