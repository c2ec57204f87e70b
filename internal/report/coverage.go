package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roughy-go/roughy/internal/contract"
)

const (
	coverageWidth = 100 // columns of the text about coverage
	mostUnseen    = 8   // lines of it on what was never seen
)

// kinds are those of parts, and what several are called.
func kinds() [][2]string {
	return [][2]string{{"operation", "operations"}, {"status", "statuses"}, {"property", "properties"}, {"value", "values"}}
}

// coverageCounts is how many parts of a kind were seen, of how many that there are.
func coverageCounts(parts []contract.Part, kind string) (seen, all int) {
	for _, p := range parts {
		if p.Kind == kind {
			all++
			seen += min(p.Seen, 1)
		}
	}
	return seen, all
}

// coverageLines are the counts, and what was never seen; none if nobody kept count.
func coverageLines(parts []contract.Part) []string {
	var counts []string
	for _, kind := range kinds() {
		if seen, all := coverageCounts(parts, kind[0]); all > 0 {
			counts = append(counts, fmt.Sprintf("%d of %d %s", seen, all, kind[1]))
		}
	}
	if len(counts) == 0 {
		return nil
	}
	return append([]string{"coverage    " + strings.Join(counts, ", ")}, listed("never seen", neverSeen(parts))...)
}

// listed breaks a list into lines behind a label. What does not fit on mostUnseen lines is counted.
func listed(label string, items []string) []string {
	var lines []string
	for i, item := range items {
		last := len(lines) - 1
		switch {
		case last >= 0 && utf8.RuneCountInString(lines[last]+" "+item) <= coverageWidth:
			lines[last] += " " + item
		case len(lines) == mostUnseen:
			return append(lines, fmt.Sprintf("%-10s  and %d more", "", len(items)-i))
		default:
			lines = append(lines, fmt.Sprintf("%-10s  %s", label, item))
			label = ""
		}
	}
	return lines
}

// neverSeen is a word for each part that no exchange showed, but for what belongs to a part that was never seen itself. The
// values of a property follow it, so that the words make one sentence.
func neverSeen(parts []contract.Part) []string {
	unseen, statuses := unseenOwners(parts)
	var words []string
	var before contract.Part
	for _, p := range parts {
		if p.Seen > 0 || slices.ContainsFunc(owners(p), func(o owner) bool { return unseen[o] }) {
			continue
		}
		word, separator := Printable(p.Name), ","
		if p.Kind != "value" || p.Kind != before.Kind || owners(p)[0] != owners(before)[0] {
			word, separator = Printable(spelled(p, len(statuses) > 1, statuses[p.Operation] > 1)), ";"
		}
		if len(words) > 0 {
			words[len(words)-1] += separator
		}
		words, before = append(words, word), p
	}
	return words
}

// owner is an operation, a status of one, or a property of that.
type owner struct{ operation, status, property string }

// owners are what a part belongs to, the innermost first.
func owners(p contract.Part) []owner {
	property := p.Property
	if p.Kind == "property" {
		property = p.Name[:max(strings.LastIndexByte(p.Name, '/'), 0)]
	}
	var out []owner
	for ; property != ""; property = property[:max(strings.LastIndexByte(property, '/'), 0)] {
		out = append(out, owner{p.Operation, p.Status, property})
	}
	switch p.Kind {
	case "operation":
		return nil
	case "status":
		return []owner{{operation: p.Operation}}
	default:
		return append(out, owner{operation: p.Operation, status: p.Status}, owner{operation: p.Operation})
	}
}

// unseenOwners are the owners that were never seen, and how many statuses of each operation were.
func unseenOwners(parts []contract.Part) (unseen map[owner]bool, statuses map[string]int) {
	unseen, statuses = map[owner]bool{}, map[string]int{}
	for _, p := range parts {
		o := owner{operation: p.Operation, status: p.Status}
		switch p.Kind {
		case "operation":
			statuses[p.Operation] += 0
		case "status":
			o.status = p.Name
			statuses[p.Operation] += min(p.Seen, 1)
		case "property":
			o.property = p.Name
		}
		if p.Kind != "value" && p.Seen == 0 {
			unseen[o] = true
		}
	}
	return unseen, statuses
}

// spelled is a part's name, with as much of its owners as tells it from others.
func spelled(p contract.Part, manyOperations, manyStatuses bool) string {
	var words []string
	if manyOperations && p.Kind != "operation" {
		words = append(words, p.Operation)
	}
	switch p.Kind {
	case "operation", "status":
		return strings.Join(append(words, p.Kind, p.Name), " ")
	}
	if manyStatuses {
		words = append(words, p.Status)
	}
	if p.Kind == "value" {
		words = append(words, p.Property+":")
	}
	return strings.Join(append(words, p.Name), " ")
}
