package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/org"
)

// The acts on an assignment, each one call of its operation.

func (c *call) registerAssignment(*noneIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Register(tx, who, id, c.version)
	})
}

func (c *call) linkDifficulty(in *linkIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.LinkPetition(tx, who, id, in.N, casefile.ID(in.Petition))
	})
}

func (c *call) acceptResult(in *qualityIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Accept(tx, who, id, directive.Verdict{Text: in.Text, Quality: in.Quality, Version: c.version})
	})
}

func (c *call) returnResult(in *qualityIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ReturnNotDone(tx, who, id, directive.Verdict{Text: in.Text, Version: c.version})
	})
}

func (c *call) endAssignment(in *reasonIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.End(tx, who, id, in.Reason, c.version)
	})
}

func (c *call) askExtension(in *untilIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.AskExtension(tx, who, id, directive.Ask{Unit: org.UnitID(in.Unit), Until: in.Until, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) decideExtension(in *grantIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.DecideExtension(tx, who, id, directive.Grant{N: in.N, Yes: in.Yes, Until: in.Until, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) setDate(in *untilIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.SetDate(tx, who, id, directive.Ask{Until: in.Until, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) handAssignment(in *handInsideIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Hand(tx, who, id, directive.Handing{From: org.UnitID(in.From), To: org.UnitID(in.To), Reason: in.Reason, Inside: directive.Inside(in.Inside), Version: c.version})
	})
}

func (c *call) takeOver(in *handIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.TakeOver(tx, who, id, directive.Taking{To: org.UnitID(in.To), Reason: in.Reason, Version: c.version})
	})
}

func (c *call) urgePart(in *unitTextIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.UrgePart(tx, who, id, org.UnitID(in.Unit), in.Text, c.version)
	})
}

func (c *call) chooseForm(in *formIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ChooseForm(tx, who, id, in.Form, c.version)
	})
}

func (c *call) decideForm(in *formIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.DecideForm(tx, who, id, in.Form, in.Remark, c.version)
	})
}

func (c *call) urgeAssignment(in *textIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.Urge(tx, who, id, in.Text, c.version)
	})
}

func (c *call) reportBreach(in *unitTextIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ReportBreach(tx, who, id, directive.Breach{Unit: org.UnitID(in.Unit), Text: in.Text, Version: c.version})
	})
}

func (c *call) demandExplanation(in *demandIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.AskExplanation(tx, who, id, directive.Demand{Unit: org.UnitID(in.Unit), Text: in.Text, DueOn: in.DueOn, Version: c.version})
	})
}

func (c *call) reportProgress(in *progressIn) error { return c.noteOn(in, directive.Progress) }

func (c *call) reportDifficulty(in *progressIn) error { return c.noteOn(in, directive.Difficulty) }

// noteOn notes how far a unit is, or what stands in its way, with its files.
func (c *call) noteOn(in *progressIn, fn func(*db.Tx, org.Actor, casefile.ID, directive.Report) (*directive.Assignment, error)) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return nil, err
		}
		return fn(tx, who, id, directive.Report{Text: in.Text, Percent: in.Percent, Files: files, Version: c.version})
	})
}

func (c *call) submitResult(in *resultIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		r, err := c.result(tx, &who, in)
		if err != nil {
			return nil, err
		}
		return directive.SubmitNow(tx, who, id, r)
	})
}

func (c *call) explainAssignment(in *resultIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		r, err := c.result(tx, &who, in)
		if err != nil {
			return nil, err
		}
		return directive.ExplainNow(tx, who, id, r)
	})
}

func (c *call) draftResult(in *resultIn) error { return c.draftOnAssignment(in, directive.DraftResult) }

func (c *call) draftAssignmentExplanation(in *resultIn) error {
	return c.draftOnAssignment(in, directive.DraftExplanation)
}

func (c *call) nameCoordinators(in *unitsIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		var units []org.UnitID
		for _, u := range in.Units {
			units = append(units, org.UnitID(u))
		}
		return directive.NameCoordinators(tx, who, id, units, in.Reason, c.version)
	})
}

func (c *call) setParts(in *partsIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		var all []directive.PartIn
		for _, p := range in.Parts {
			all = append(all, directive.PartIn{Unit: org.UnitID(p.Unit), Content: p.Content, Until: p.Until})
		}
		return directive.SetParts(tx, who, id, all, c.version)
	})
}

// contributePart hands in the sender's own part, or writes down a requested body's reply.
func (c *call) contributePart(in *unitTextIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return nil, err
		}
		x := directive.Contribution{Unit: org.UnitID(in.Unit), Text: in.Text, Files: files, Version: c.version}
		if in.Unit != "" {
			return directive.RecordReply(tx, who, id, x)
		}
		return directive.Contribute(tx, who, id, x)
	})
}
