package web

import (
	"net/http"
	"net/url"

	"lienthong/internal/bank"
	"lienthong/internal/board"
	"lienthong/internal/campaign"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/exchange"
	"lienthong/internal/export"
	"lienthong/internal/filter"
	"lienthong/internal/group"
	"lienthong/internal/inbox"
	"lienthong/internal/incident"
	"lienthong/internal/inform"
	"lienthong/internal/kinds"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/score"
	"lienthong/internal/tracker"
	"lienthong/internal/web/ui"
)

// A filteredPage is a list with the conditions that its address takes.
type filteredPage struct {
	pattern string
	takes   filter.Set
	page    handler
}

// filteredPages are every list that an address narrows. What an address of theirs holds is
// read in one place, before the page is drawn, whoever made the address: a form, a kept
// filter, another page or a hand.
func (s *Server) filteredPages() []filteredPage {
	boards := board.Conditions(dutyKinds())
	return []filteredPage{
		{"GET /{$}", inboxConditions(), s.inbox},
		{"GET /petitions", export.PetitionConditions, s.petitions}, {"GET /search", export.SearchConditions, s.search},
		{"GET /board", boards, s.board}, {"GET /board/list", boards, s.boardList}, {"GET /board/hops", boards, s.boardHops},
		{"GET /board/hops/list", boards, s.boardStays}, {"GET /ban-do", boards, s.province}, {"GET /trang-lanh-dao", boards, s.leaderPage},
		{"GET /tracker", tracker.Conditions, s.trackerPage}, {"GET /tracker/tasks.docx", tracker.Conditions, s.trackerDocument},
		{"GET /directives", directive.Conditions, s.directiveList}, {"GET /series", directive.SeriesConditions, s.seriesList}, {"GET /su-co", incident.Conditions, s.incidentList},
		{"GET /groups", group.Conditions, s.groups}, {"GET /bank", bank.Conditions, s.bankList}, {"GET /exchange", exchange.Conditions, s.exchangeList},
		{"GET /campaigns/{case}/items", campaign.ItemConditions, s.campaignItems}, {"GET /danh-ba", inform.Conditions, s.contacts},
		{"GET /programme", programme.ItemConditions, s.calendarOfWork}, {"GET /programme/weeks", programme.WeekPageConditions, s.weeklyPage},
		{"GET /tong-hop-nam/{case}/viec", score.ItemConditions, s.scoreItems},
		{"GET /export/{list}", nil, s.exportList}, {"POST /export/{list}", nil, s.exportStart},
	}
}

// inboxConditions are those by which an officer narrows one of his lists; which list it is
// stands beside them.
func inboxConditions() (all filter.Set) {
	for _, c := range inbox.Conditions(kinds.Duties()) {
		for _, name := range inboxFilters {
			if c.Name == name {
				all = append(all, c)
			}
		}
	}
	return all
}

// exportConditions are those of the list that an export is of.
func exportConditions(list string) filter.Set {
	switch list {
	case "petitions":
		return export.PetitionConditions
	case "inbox":
		return inboxConditions()
	case "tracker":
		return tracker.Conditions
	}
	return board.Conditions(dutyKinds())
}

// filtered registers the lists.
func (s *Server) filtered() {
	for _, l := range s.filteredPages() {
		s.handle(l.pattern, func(w http.ResponseWriter, r *http.Request) error {
			takes := l.takes
			if takes == nil {
				takes = exportConditions(r.PathValue("list"))
			}
			if err := s.readFilter(r, takes); err != nil {
				return err
			}
			return l.page(w, r)
		})
	}
}

// readFilter puts the conditions of the address into the form as lists read them, or says
// what is wrong with them. Only what the store knows opens a view of its own.
func (s *Server) readFilter(r *http.Request, takes filter.Set) error {
	clean, err := takes.Read(r.Form)
	if err != nil || takes.Asks(clean) {
		err = s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
			clean, err = takes.Check(tx, who, r.Form)
			return err
		})
	}
	if err != nil {
		return err
	}
	for i := range takes {
		delete(r.Form, takes[i].Name)
	}
	for name, values := range clean {
		r.Form[name] = values
	}
	return nil
}

// A wrongFilterView says what is wrong with an address and keeps the rest of it.
type wrongFilterView struct {
	Action string
	Hidden []ui.Hidden // conditions that stand
	Inputs []input     // those that do not, as they were typed
	Drop   string      // the list without them
}

// wrongFilterOf shows every condition that was refused, to be mended in its place.
func wrongFilterOf(r *http.Request, refused *filter.Refused) (v wrongFilterView) {
	v.Action = r.URL.Path
	rest := r.URL.Query()
	for _, w := range refused.Wrong {
		rest.Del(w.Name)
		in := input{Kind: line, Input: ui.Input{Name: w.Name, Label: w.Label, Value: w.Value, Error: w.Why, Blank: "– không lọc –"}}
		if w.Shape.Format == "date" {
			in.Type = "date"
		}
		if len(w.Choose) > 0 {
			in.Kind = choice
			in.Options = append(in.Options, ui.Option{Value: w.Value, Label: "“" + w.Value + "” (không có)"})
			for _, o := range w.Choose {
				in.Options = append(in.Options, ui.Option{Value: o.Value, Label: o.Say})
			}
		}
		v.Inputs = append(v.Inputs, in)
	}
	v.Hidden = hiddenOf(rest)
	v.Drop = r.URL.Path + query(rest)
	return v
}

// hiddenOf are the parameters of an address as a form keeps them.
func hiddenOf(q url.Values) (all []ui.Hidden) {
	for _, name := range sortedNames(q) {
		for _, v := range q[name] {
			all = append(all, ui.Hidden{Name: name, Value: v})
		}
	}
	return all
}
