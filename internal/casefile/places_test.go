package casefile_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lienthong/internal/casefile"
)

// tables that hold no text about a case, with the reason.
var freeTables = map[string]string{
	"lease": "machines", "setting": "settings of the tenant", "setting_change": "settings of the tenant", "notice_kind": "kinds", "upload_day": "numbers", "upload_part": "places and hashes", "bulk": "an order's words until its last item is done: then they are emptied, and each case holds its own", "bulk_line": "ids and refusals of operations", "list_view": "filters of lists under names of people: of no case", "counter": "numbers", "job": "its kind's own settings and cursor",
	"tile": "hashes", "log_head": "hashes", "log_key": "the server's key", "log_key_change": "keys and hashes", "leaf": "refs and hashes",
	"rulebook": "regulations", "rulebook_adoption": "regulations", "regulation_decision": "regulations",
	"unit": "the office", "unit_name": "the office", "officer": "the office", "post": "the office", "charge": "the office", "charge_scope": "the office",
	"by_order": "the office", "authorisation": "the office", "authorisation_scope": "the office", "cover": "the office", "contact": "the office",
	"desk": "the office", "path_step": "the office", "oversight": "the office", "membership": "who reads", "org_change": "numbers", "org_log": "changes of the office",
	"calendar": "days", "calendar_revision": "days", "duty_tally": "counts", "duty_count": "counts", "duty_sum": "counts", "duty_roll": "counts", "duty_roll_change": "counts", "duty_arming": "keys", "case_reader": "who reads",
	"account": "sign-in", "recovery": "sign-in", "session": "sign-in", "device": "sign-in", "failure": "sign-in", "door_log": "sign-in", "token": "sign-in", "live_change": "a number",
	"register_entry": "the register of outgoing documents is kept by law: numbers, no text",
	"incoming_entry": "the register of incoming documents is kept by law: numbers, no text",
	"directed":       "ids and days",
	"petition_hop":   "ids and days",
	"petition_part":  "ids and numbers",
	"petition_group": "ids and days",
	"paper_reader":   "units",
	"score_year":     "numbers and days", "score_item": "ids and days; the cause is of the rule's list, reasons stand in the history", "score_objection": "ids and numbers",
	"directive": "ids, numbers and days beside the columns in Places", "directive_proposal": "numbers beside the columns in Places",
	"directive_second": "a host, a model and a sentence of the program", "directive_second_task": "ids beside the column in Places",
	"assignment": "ids, numbers and words of the rule's lists", "assignment_part": "ids and numbers", "assignment_progress": "ids and numbers", "assignment_extension": "ids and limits", "assignment_series": "ids; the basis names a document",
	"tracker_settlement": "hashes and instants; the words stand in the history",
	"publication":        "a quarter and the number of a paper", "publication_line": "ids and days; a title is read from its case, sealed or not",
	"group_member": "ids and days",
	"incident":     "ids, days and the number of a paper", "incident_place": "units", "incident_situation": "ids and instants", "incident_figure": "numbers", "incident_resource": "units and numbers", "incident_decision": "ids", "incident_link": "ids",
	"bank_basis": "numbers of texts", "bank_use": "counts a month", "bank_likeness": "counts", "bank_ref": "ids and days", "text_end": "published texts: of no case",
	"follow_head":    "how far a follower of the log has come",
	"upload":         "files not yet named by an act: of no case, gone within a day",
	"answer_share":   "counts a month",
	"notice_read":    "ids",
	"paper_template": "the office's own forms: of no case",
	"programme_item": "ids, days and hours; where it is held is emptied by a seal", "programme_part": "emptied by a seal", "programme": "ids and days", "programme_move": "places of the year; reasons stand in the history", "programme_link": "ids",
	"programme_feed": "an officer's own addresses, hashed: of no case",
	"version":        "numbers",
	"route_weight":   "hashes and numbers", "route_count": "hashes and numbers",
	"channel_choice": "how an officer wants to be told", "channel_mute": "kinds", "channel_hook": "receivers of a unit", "channel_secret": "sealed secrets",
	"exchange_code": "codes of units", "exchange_receiver": "units",
}

// columns whose names say that no free text stands in them, wherever they are.
var freeColumn = regexp.MustCompile(`^(id|case_id|paper|paper_id|owner|unit|section|officer|officer_id|post|by|by_whom|added_by|read_by|drafted_by|signer|` +
	`kind|state|code|scope|rulebook|field|lead|raiser|rule|role|party|reader|counterpart|fate|calendar|what|capacity|outcome|settled|audience|` +
	`number|symbol|issuer|issued_on|outer_id|hash|scan|media_type|leaf|bytes|key|route|target|about|holder|until|amount|clause|` +
	`from|due|old_due|new_due|anew|limits|reminders|[a-z_]+_(on|at|day|until)|at|path|waiting|part|next_unit|hole|basis|signer_name|signer_title|body_hash|` +
	`recorded_at|recorded_by|scan_id|own_from|keep_until|location|seat_section|seat_officer|way|waits_for|repeats|document|replaces|proposed_by|approved_by|made_from|identity|sender|receiver|status|out_id|issuer_code|issuer_name|addressee|campaign|commune|petition)$`)

// exceptions to freeColumn: a column of that name that does hold free text.
var notFree = map[string]bool{"look.what": true, "request_key.route": false}

var (
	createTable = regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+) \((.*?)\n?\);`)
	textColumn  = regexp.MustCompile(`(?m)(?:^\s+|\(|, )([a-z_]+)\s+(?:TEXT|BYTEA|TSVECTOR)\b`)
	addColumn   = regexp.MustCompile(`ALTER TABLE ([a-z_]+) ADD COLUMN ([a-z_]+) (?:TEXT|BYTEA)`)
)

// columns returns every column of the migrations that could hold a text, as "table.column".
func columns(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob("../db/migrations/*.sql")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d migrations (%v)", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range createTable.FindAllStringSubmatch(string(b), -1) {
			for _, c := range textColumn.FindAllStringSubmatch(m[2], -1) {
				all = append(all, m[1]+"."+c[1])
			}
		}
		for _, m := range addColumn.FindAllStringSubmatch(string(b), -1) {
			all = append(all, m[1]+"."+m[2])
		}
	}
	return all
}

// Every column that can hold a text of a case is emptied by a seal, or has a reason not to be.
func TestEveryPlaceIsKnown(t *testing.T) {
	sealed := map[string]bool{}
	for _, p := range casefile.Places() {
		if len(p.Set) == 0 {
			sealed[p.Table] = true
		}
		for _, s := range p.Set {
			column, _, _ := strings.Cut(s, " =")
			sealed[p.Table+"."+column] = true
		}
	}
	all := columns(t)
	if len(all) < 100 {
		t.Fatalf("only %d columns found: the test reads the migrations wrongly", len(all))
	}
	for _, c := range all {
		table, column, _ := strings.Cut(c, ".")
		switch {
		case sealed[table], sealed[c], freeTables[table] != "":
		case freeColumn.MatchString(column) && !notFree[c]:
		default:
			t.Errorf("%s can hold free text: put it into casefile.Places, or give this test a reason", c)
		}
	}
}
