package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// Words, for acts that need nothing else.
type textIn struct {
	Text string `json:"text" doc:"nội dung"`
}

// What the commune answers a question with.
type clarifyIn struct {
	Text        string   `json:"text" doc:"nội dung trả lời"`
	Attachments []string `json:"attachments,omitempty"`
}

// Whom the lead asks for which part.
type splitIn struct {
	To   string `json:"to" doc:"đơn vị phối hợp"`
	Text string `json:"text" doc:"phần việc cần cho ý kiến"`
}

// Asks the commune for what is missing; the clock goes on unless the rulebook says otherwise.
func (c *call) ask(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Ask(tx, who, id, petition.Question{Text: in.Text, Version: c.version})
	})
}

// The commune's reply to a question, with files.
func (c *call) clarify(in *clarifyIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return nil, err
		}
		return petition.Clarify(tx, who, id, petition.Question{Text: in.Text, Version: c.version}, files)
	})
}

// Asks another unit for its part, while the lead stays the lead.
func (c *call) split(in *splitIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Split(tx, who, id, petition.Question{To: org.UnitID(in.To), Text: in.Text, Version: c.version})
	})
}

// A unit's part, to the lead.
func (c *call) contribute(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Contribute(tx, who, id, petition.Question{Text: in.Text, Version: c.version})
	})
}

// Urges whoever is late; only units with the right to oversee may.
func (c *call) urge(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Urge(tx, who, id, petition.Oversight{Text: in.Text, Version: c.version})
	})
}

// What somebody with authority wants accounted for.
type explainIn struct {
	Text  string `json:"text" doc:"yêu cầu giải trình việc gì"`
	DueOn string `json:"due_on,omitempty" doc:"ngày do người yêu cầu đặt; bỏ trống là không nêu hạn"`
}

// Asks a unit to account for a delay, by a day that the asker sets or none.
func (c *call) askExplanation(in *explainIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.AskExplanation(tx, who, id, petition.Demand{Text: in.Text, DueOn: in.DueOn, Version: c.version})
	})
}
