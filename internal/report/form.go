package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// form is one way to show a report, by its name.
type form struct {
	name string
	open func(io.Writer, TextOptions) Writer
}

func forms() []form {
	plain := func(open func(io.Writer) Writer) func(io.Writer, TextOptions) Writer {
		return func(w io.Writer, _ TextOptions) Writer { return open(w) }
	}
	return []form{
		{"text", Text},
		{"json", plain(JSON)},
		{"ndjson", plain(NDJSON)},
		{"junit", plain(JUnit)},
		{"sarif", plain(SARIF)},
		{"html", plain(HTML)},
		{"github", plain(GitHub)},
	}
}

// Forms are the names of all forms: text, json, ndjson, junit, sarif, html, github.
func Forms() []string {
	var names []string
	for _, f := range forms() {
		names = append(names, f.name)
	}
	return names
}

// New opens the form of that name. The options are those of text, and nothing to the others. A name that is not one of Forms is
// an error that lists them.
func New(name string, w io.Writer, o TextOptions) (Writer, error) {
	all := forms()
	i := slices.IndexFunc(all, func(f form) bool { return f.name == name })
	if i < 0 {
		return nil, fmt.Errorf("no form of a report: %q; use one of %s", name, strings.Join(Forms(), ", "))
	}
	return all[i].open(w, o), nil
}
