package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// help prints a command's help in Vietnamese. The library's own printer has its
// headings in English.
func help(_ kong.HelpOptions, k *kong.Context) error {
	node := k.Selected()
	if node == nil {
		node = k.Model.Node
	}
	w := tabwriter.NewWriter(k.Stdout, 2, 2, 3, ' ', 0)
	fmt.Fprintf(w, "Cách dùng: %s\n\n%s\n", usage(k, node), node.Help)
	if len(node.Children) > 0 {
		fmt.Fprintf(w, "\nLệnh:\n")
		for _, c := range node.Children {
			if !c.Hidden {
				fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace(c.Name+" "+positionals(c)), c.Help)
			}
		}
	}
	if len(node.Positional) > 0 {
		fmt.Fprintf(w, "\nTham số:\n")
		for _, p := range node.Positional {
			fmt.Fprintf(w, "  %s\t%s\n", p.Summary(), p.Help)
		}
	}
	fmt.Fprintf(w, "\nTuỳ chọn:\n")
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			fmt.Fprintf(w, "  %s\t%s\n", flagName(f), flagHelp(f))
		}
	}
	return w.Flush()
}

// The line "lienthong regulation check [<cấu hình>] [flags]", with the words of kong in Vietnamese.
func usage(k *kong.Context, node *kong.Node) string {
	path := node.FullPath()
	if path == "" {
		path = k.Model.Name
	}
	if p := positionals(node); p != "" {
		path += " " + p
	}
	if len(node.Children) > 0 {
		path += " LỆNH"
	}
	return path + " [tuỳ chọn]"
}

// The arguments without a name, in their order and as kong writes them: `<arg>` or `[<arg>]`.
func positionals(node *kong.Node) string {
	var all []string
	for _, p := range node.Positional {
		all = append(all, p.Summary())
	}
	return strings.Join(all, " ")
}

// A flag as it is typed; only one with a value shows a placeholder.
func flagName(f *kong.Flag) string {
	if f.IsBool() {
		return "--" + f.Name
	}
	return "--" + f.Name + "=" + f.FormatPlaceHolder()
}

// Kong writes its own help of --help in English; every other flag has its words in its tag.
func flagHelp(f *kong.Flag) string {
	if f.Name == "help" {
		return "Xem hướng dẫn này."
	}
	return f.Help
}

// parseProblem turns the library's commonest words into Vietnamese; the name at fault
// stands in them as it was typed.
func parseProblem(err error) string {
	return strings.NewReplacer(
		"unknown flag", "không có tuỳ chọn",
		"missing flags:", "thiếu tuỳ chọn",
		"unexpected argument", "không có lệnh hoặc tham số",
		"expected string value", "cần một giá trị",
		"expected one of", "cần một trong",
		"expected", "cần",
		", did you mean", "; có phải là",
	).Replace(err.Error())
}
