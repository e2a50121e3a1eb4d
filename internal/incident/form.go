package incident

import (
	"strings"

	"lienthong/internal/casefile"
)

// Forms are the kinds of event whose text is stored as a form, with how people read it.
var Forms = func() map[string]func(text string) string {
	all := map[string]func(string) string{}
	for kind := range Events {
		all[kind] = readForm
	}
	return all
}()

// readForm puts the members of a form under their labels, a blank line between.
func readForm(text string) string {
	m := casefile.Members(text)
	if m == nil {
		return text
	}
	var parts []string
	for _, x := range []struct{ label, name string }{{"", "text"}, {"Cần: ", "what"}, {"Đơn vị tính: ", "each"}, {"Làm được: ", "good"}, {"Chưa làm được: ", "bad"}, {"Kiến nghị: ", "propose"}} {
		if m[x.name] != "" {
			parts = append(parts, x.label+m[x.name])
		}
	}
	return strings.Join(parts, "\n\n")
}
