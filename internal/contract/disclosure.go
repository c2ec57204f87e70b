package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/internal/secret"
)

const (
	mostShown = 200 // characters of Got where values are shown
	hidden    = "…"
)

// disclose puts the value at a place into a finding that tells of it, where values are shown. above is the way to what at
// begins from.
func (j *judge) disclose(f Finding, value any, above, at []string) Finding {
	_, whole := value.(string)
	if !j.c.showValues || j.secretive && !whole || f.Got == "" {
		return f
	}
	v, found := find(value, at)
	if !found {
		return f
	}
	if f.Rule == "schema.propertyNames" {
		v = at[len(at)-1]
	}
	f.Got = typeName(v)
	if !slices.ContainsFunc(slices.Concat(above, at), secret.IsName) {
		f.Got = disclosed(v)
	}
	return f
}

// discloseLines puts the lines of a header into a finding on it, where values are shown.
func (j *judge) discloseLines(f Finding, lines []string) Finding {
	if len(lines) == 0 {
		return f
	}
	return j.disclose(f, strings.Join(lines, ", "), nil, nil)
}

// hushed judges parts of a text, which are not shown where all of it holds a secret: what is left of one in a part may not look like
// one.
func (j *judge) hushed(text string, judging func()) {
	j.secretive = j.c.showValues && mask(text) != text
	judging()
	j.secretive = false
}

// disclosed is a value behind its type, without its secrets, and of bearable length.
func disclosed(v any) string {
	if v == nil {
		return typeName(v)
	}
	var d disclosure
	d.value(v)
	if d.splits() {
		d.text = []byte(hidden)
	}
	return shortened(typeName(v) + " " + string(d.text))
}

// shortened is the front of a text, of at most mostShown characters.
func shortened(text string) string {
	if utf8.RuneCountInString(text) <= mostShown {
		return text
	}
	return string([]rune(text)[:mostShown-1]) + hidden
}

// disclosure writes the front of a value as JSON, members in the order of their names.
type disclosure struct {
	text   []byte
	values []string // what it says, without the names of members
	all    []string // and with them
	cut    bool     // there is more
	open   bool     // the last text may end within a secret
}

func (d *disclosure) value(v any) {
	if d.cut = d.cut || len(d.text) > mostShown*utf8.UTFMax; d.cut {
		return
	}
	switch v := v.(type) {
	case nil:
		d.text = append(d.text, "null"...)
	case bool:
		d.text = strconv.AppendBool(d.text, v)
	case json.Number:
		d.text = append(d.text, v...)
		d.say(v.String())
	case string:
		text := d.string(v)
		d.say(text)
		d.open = strings.HasSuffix(text, hidden)
	case []any:
		d.array(v)
	case map[string]any:
		d.object(v)
	}
}

func (d *disclosure) say(text string) {
	d.values, d.all = append(d.values, text), append(d.all, text)
}

func (d *disclosure) array(items []any) {
	d.text = append(d.text, '[')
	for i, item := range items {
		if i > 0 {
			d.text = append(d.text, ',')
		}
		if d.value(item); d.cut {
			return
		}
	}
	d.text = append(d.text, ']')
}

func (d *disclosure) object(members map[string]any) {
	d.text = append(d.text, '{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			d.text = append(d.text, ',')
		}
		d.all = append(d.all, d.string(name))
		d.text = append(d.text, ':')
		if secret.IsName(name) {
			d.string(hidden)
			continue
		}
		if d.value(members[name]); d.cut {
			return
		}
	}
	d.text = append(d.text, '}')
}

// string writes a string, and is what it wrote, without the quotes.
func (d *disclosure) string(text string) string {
	if text = discreet(text); d.open && opaque(text) {
		text = hidden
	}
	d.open = d.open || strings.HasSuffix(text, hidden)
	d.text, _ = jsontext.AppendQuote(d.text, text) // what is no UTF-8 becomes U+FFFD
	return text
}

// splits tells whether what is written makes a secret of its parts, one behind the other.
func (d *disclosure) splits() bool {
	for _, parts := range [][]string{d.values, d.all} {
		for _, between := range []string{"", " "} {
			text := strings.ReplaceAll(strings.Join(parts, between), hidden, "\n") // behind which nothing goes on
			if d.cut {
				text += "@"
			}
			if len(parts) > 1 && masks(text) {
				return true
			}
		}
	}
	return false
}
