package api

import (
	"net/http"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/org"
)

const exchangeUnitsPath = "/api/v1/exchange/units/"

// exchangeUnitIn are the codes by which the document system knows a unit.
type exchangeUnitIn struct {
	Codes    []string `json:"codes" doc:"mã định danh, mã chính trước; rỗng là không có mã"`
	Receives bool     `json:"receives,omitempty" doc:"văn bản phát hành gửi đến đơn vị này đi bằng gói edXML"`
}

// exchangeUnitOut is a unit as the document system knows it.
type exchangeUnitOut struct {
	Unit     string   `json:"unit" doc:"mã đơn vị ở đây"`
	Codes    []string `json:"codes" doc:"mã chính trước"`
	Receives bool     `json:"receives"` // released papers go to it as packets
}

// exchangingUnits are the routes of codes; the province's administrators write them.
func (s *Server) exchangingUnits() []route {
	return []route{
		list(exchangeUnitsPath+"{name}", "exchangeUnit", "Mã định danh của một đơn vị ở hệ thống quản lý văn bản.", exchangeUnitOut{}, (*call).exchangeUnit).of(tagExchange),
		act[exchangeUnitIn]("PUT", exchangeUnitsPath+"{name}", "setExchangeUnit", "Ghi mã định danh của một đơn vị (quản trị của tỉnh).", (*call).setExchangeUnit).gives(exchangeUnitOut{}).of(tagExchange),
	}
}

// exchangeUnitDone is a unit's codes; also the answer to a repeated request. Whoever works
// here may read them: they stand on every paper.
func exchangeUnitDone(tx *db.Tx, id org.UnitID) (done, error) {
	if _, err := org.UnitOf(tx, id); err != nil {
		return done{}, err
	}
	u, err := exchange.UnitOf(tx, id)
	out := exchangeUnitOut{Unit: string(id), Codes: append([]string{}, u.Codes...), Receives: u.Receives}
	return done{status: http.StatusOK, location: exchangeUnitsPath + string(id), body: &out}, err
}

func (c *call) exchangeUnit() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		d, err := exchangeUnitDone(tx, org.UnitID(c.r.PathValue("name")))
		return d.body, 0, err
	})
}

func (c *call) setExchangeUnit(in *exchangeUnitIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		id := org.UnitID(c.r.PathValue("name"))
		if err := exchange.SetUnit(tx, who, exchange.Unit{Unit: id, Codes: in.Codes, Receives: in.Receives}); err != nil {
			return done{}, err
		}
		if err := org.Note(tx, who, "Exchange.codes", id, strings.Join(in.Codes, ", ")); err != nil {
			return done{}, err
		}
		return exchangeUnitDone(tx, id)
	})
}
