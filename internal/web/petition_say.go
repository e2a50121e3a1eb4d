package web

import (
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/direct"
	"lienthong/internal/exchange"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// happened says one event of a petition's history in a sentence with its facts.
func happened(n *names, p *petition.Petition, e casefile.Event) string {
	unit := func(key string) string { return n.unit(org.UnitID(e.Facts[key])) }
	by := n.unit(e.By.Post.Unit)
	if e.Facts["issuer"] != "" { // it came through the document system: who took it in is another
		by = unit("issuer")
	}
	switch e.Kind {
	case "petition.raised":
		return by + " nêu kiến nghị" + symbol(", số ", e)
	case "petition.answered":
		return by + " trả lời: " + petition.Outcome(e.Facts["outcome"]).Say() + symbol(", số ", e)
	case "petition.forwarded":
		return unit("from") + " chuyển kiến nghị đến " + unit("to")
	case "petition.contested":
		return unit("from") + " đề nghị chuyển đến " + unit("to") + "; chờ Văn phòng xác định cơ quan chủ trì"
	case "petition.assigned":
		return by + " chỉ định " + unit("to") + " chủ trì"
	case "petition.kept":
		return by + " giữ nguyên " + unit("to") + " chủ trì"
	case "petition.split":
		return by + " hỏi ý kiến " + unit("to")
	case "petition.returned":
		return by + " trả lại xã: " + e.Facts["ground"]
	case "petition.missed":
		return missedWords(n, e)
	case "petition.urged":
		return by + " đôn đốc " + unit("owner")
	case "petition.explanation_asked":
		return by + " yêu cầu " + unit("owner") + " giải trình" + longDay(", hạn ", e.Facts["due_on"])
	case "petition.reported":
		if e.Facts["done"] != "" {
			return by + " báo tiếp: đã giải quyết"
		}
		return by + " báo tiếp kết quả xử lý"
	case "petition.settled", "petition.unsettled":
		return map[string]string{"petition.settled": by + " xác nhận đã giải quyết được", "petition.unsettled": by + " cho biết chưa giải quyết được"}[e.Kind]
	case "petition.asked", "petition.clarified", "petition.contributed", "petition.explained":
		return map[string]string{"petition.asked": by + " hỏi lại xã", "petition.clarified": by + " trả lời câu hỏi",
			"petition.contributed": by + " góp ý phần việc được hỏi", "petition.explained": by + " giải trình"}[e.Kind]
	case "exchange.known", "exchange.joined":
		return exchange.Events[e.Kind] + ": " + by + symbol(", số ", e)
	}
	return inside(n, e)
}

// inside says the steps inside a unit, which only its own people read.
func inside(n *names, e casefile.Event) string {
	switch e.Kind {
	case "matter.registered":
		return "Vào sổ văn bản đến, số " + e.Facts["number"]
	case "matter.directed", "matter.returned":
		return directed(n, e)
	}
	if what, ok := signoff.Events[e.Kind]; ok {
		return what + ": " + lower(paperWords(e.Facts["kind"]))
	}
	for _, words := range []map[string]string{petition.Events, direct.Events, exchange.Events} {
		if what, ok := words[e.Kind]; ok {
			return what
		}
	}
	return "Diễn biến khác"
}

// directed says to whom a matter went inside a unit.
func directed(n *names, e casefile.Event) string {
	to := "lãnh đạo đơn vị"
	switch {
	case e.Facts["officer"] != "":
		to = n.officer(org.OfficerID(e.Facts["officer"]))
	case e.Facts["section"] != "":
		to = n.unit(org.UnitID(e.Facts["section"]))
	}
	if e.Kind == "matter.returned" {
		return e.By.Post.Title + " trả lại " + to
	}
	return e.By.Post.Title + " giao " + to + longDay(", hạn nội bộ ", e.Facts["inner_on"])
}

// A missed duty in words, by the kind of duty; a kind that the program no longer has is said by the
// event's own word.
func missedWords(n *names, e casefile.Event) string {
	for _, k := range petition.Duties() {
		if k.Rule == e.Facts["rule"] {
			return "Quá hạn chưa xong: " + n.unit(org.UnitID(e.Facts["owner"])) + ", " + lower(k.Say)
		}
	}
	return petition.Events[e.Kind]
}

// symbol cites a released paper inside a sentence.
func symbol(before string, e casefile.Event) string {
	if e.Facts["number"] == "" {
		return ""
	}
	return before + e.Facts["number"] + longDay(" ngày ", e.Facts["issued_on"])
}

// byWhom names who did it: the person with his post and, where he signed, his capacity.
func byWhom(n *names, e casefile.Event) string {
	if e.Facts["issuer"] != "" {
		return cameBy(n, e)
	}
	if e.By.System != "" {
		return "hệ thống ghi nhận"
	}
	if name := e.Facts["signer_name"]; name != "" {
		return signedBy(n, e, name)
	}
	name := e.By.Name
	if e.By.Capacity != org.Own {
		name = string(e.By.Capacity) + " " + name
	}
	if e.By.Post.Title != "" {
		name += ", " + e.By.Post.Title
	}
	return name
}

// cameBy names who signed a paper that came through the document system, and who took it in.
func cameBy(n *names, e casefile.Event) string {
	say := "đến qua hệ thống quản lý văn bản"
	if name := e.Facts["signer_name"]; name != "" {
		say = joined(e.Facts["signer_title"], name, "ký;") + " " + say
	}
	if e.By.System == "" {
		say += "; " + joined(e.By.Name+",", e.By.Post.Title, "đối chiếu")
	}
	return say
}

// signedBy names who signed a paper, and who released it where that is another: a unit
// speaks with its signer's name, the number is the clerk's.
func signedBy(n *names, e casefile.Event, name string) string {
	say := joined(e.Facts["signer_title"], name, "ký")
	if c := e.Facts["capacity"]; c != "" {
		say += " (" + c + ")"
	}
	if e.Facts["signer"] == string(e.By.Officer) {
		return say + ", phát hành"
	}
	return say + "; " + n.officer(e.By.Officer) + ", " + e.By.Post.Title + " phát hành"
}

// joined puts spaces between the words that are there.
func joined(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// dayShort names a weekday in a narrow cell: "T3", "CN".
func dayShort(d workday.Date) string {
	if w := int(d.Weekday()); w > 0 {
		return "T" + itoa(int64(w+1))
	}
	return "CN"
}
