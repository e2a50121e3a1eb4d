package casefile

// A Place is where a text about a case can stand in the store. Sealing empties every
// place; a test reads the migrations and refuses a column that could hold free text and
// is neither here nor among those that its allow list gives a reason for.
type Place struct {
	Table string
	Where string   // which rows are the case's: $1 is its id; "" for case_id = $1
	Lite  string   // Where on SQLite, for the one table that differs
	Set   []string // assignments that empty the row, $2 the instant; none: the rows are deleted
}

// repeating are documents that came again under the number of one of the case's.
const repeating = "SELECT r.id FROM exchange_document r JOIN exchange_document x ON x.id = r.repeats WHERE x.case_id = $1"

// Places is the list of every place, children before parents. It names tables of higher
// floors, as names only: one list that a reader can check beats a registry that a slice
// can forget.
func Places() []Place {
	return []Place{
		{Table: "event", Set: []string{"text = NULL", "salt = NULL"}},
		{Table: "document", Set: []string{"name = ''", "sealed_at = $2"}},
		{Table: "look", Set: []string{"what = ''"}},
		{Table: "duty_change", Set: []string{"reason = ''"}},
		{Table: "duty", Set: []string{"ended_why = ''", "limits = '[]'"}}, // a limit quotes the words in which a document states it
		{Table: "notice_read", Where: "notice IN (SELECT id FROM notice WHERE case_id = $1)"},
		{Table: "channel_item", Where: "notice IN (SELECT id FROM notice WHERE case_id = $1)"},
		{Table: "notice"},
		{Table: "request_key", Where: "location LIKE '%' || $1 || '%'"}, // the hash of a body would confirm a guess
		{Table: "outbox", Where: "about = $1", Set: []string{"payload = ''", "last_error = ''"}},
		{Table: "outbox", Where: "about = $1 AND state IN ('waiting', 'dead')", Set: []string{"state = 'withdrawn'", "ended_at = $2"}},
		{Table: "paper_version", Where: "paper IN (SELECT id FROM paper WHERE case_id = $1)", Set: []string{"title = ''", "body = ''", "note = ''"}},
		{Table: "paper_step", Where: "paper IN (SELECT id FROM paper WHERE case_id = $1)", Set: []string{"comment = ''"}},
		{Table: "paper", Set: []string{"title = ''"}},
		{Table: "direction", Set: []string{"instruction = ''"}},
		{Table: "bank_entry", Set: []string{"question = ''", "answer = ''", "basis = ''", "reason = ''"}},
		{Table: "campaign_item", Set: []string{"content = ''", "team = ''"}},
		{Table: "campaign_theme", Set: []string{"title = ''"}},
		{Table: "campaign_answer", Set: []string{"speaker = ''", "number = ''"}},
		{Table: "campaign_member"},
		{Table: "directive_proposal", Set: []string{"body = ''", "read = ''", "changed = ''"}},
		{Table: "directive_second_task", Set: []string{"body = ''"}},
		// a document whose number is gone is none that could come twice
		{Table: "directive", Set: []string{"signer_name = ''", "issuer = ''", "issuer_key = ''", "number = ''", "number_key = ''", "kind = ''"}},
		{Table: "petition_answer", Set: []string{"referred_to = ''", "competent = ''"}},
		// what came again with other words and waits: it says what is sealed
		{Table: "exchange_file", Where: "document IN (" + repeating + ")"},
		{Table: "exchange_step", Where: "document IN (" + repeating + ")", Set: []string{"reason = ''"}},
		{Table: "exchange_document", Where: "id IN (" + repeating + ")",
			Set: []string{"subject = ''", "content = ''", "signer_name = ''", "signer_title = ''", "refs = '[]'", "state = 'aside'", "waits_for = ''"}},
		{Table: "exchange_file", Where: "document IN (SELECT id FROM exchange_document WHERE case_id = $1)"},
		{Table: "exchange_step", Where: "document IN (SELECT id FROM exchange_document WHERE case_id = $1)", Set: []string{"reason = ''"}},
		{Table: "exchange_document", Set: []string{"subject = ''", "content = ''", "signer_name = ''", "signer_title = ''", "refs = '[]'"}},
		{Table: "exchange_status", Where: "out_id IN (SELECT id FROM exchange_out WHERE case_id = $1)", Set: []string{"description = ''"}},
		{Table: "search_word", Where: "n IN (SELECT n FROM search_case WHERE case_id = $1)",
			Lite: "rowid IN (SELECT n FROM search_case WHERE case_id = $1)"},
		{Table: "programme_item", Set: []string{"venue = ''"}},
		{Table: "programme_part", Set: []string{"task = ''"}},
		{Table: "casefile", Where: "id = $1", Set: []string{"title = '" + sealedTitle + "'"}},
	}
}
