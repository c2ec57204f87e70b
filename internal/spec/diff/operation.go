package diff

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// methods are the members of a path that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// isItem tells whether a pointer is that of a path.
func isItem(pointer string) bool {
	return strings.HasPrefix(pointer, "/paths/") && strings.Count(pointer, "/") == 2
}

// handed gives the parameters of a path to its operations, whose own come first.
func handed(members []member) []member {
	i := slices.IndexFunc(members, func(m member) bool { return m.name == "parameters" })
	if i < 0 {
		return members
	}
	shared := spot{pointer: members[i].at(), node: members[i].part[0].node, under: "parameters"}
	out := slices.Delete(members, i, i+1)
	for j := range out {
		if slices.Contains(methods, out[j].name) {
			out[j].part = append(slices.Clip(out[j].part), shared)
		}
	}
	return out
}

// isStatus tells whether a member of an object is the answer for one status, or for a range of them.
func isStatus(at, name string) bool {
	return strings.HasSuffix(at, "/responses") && len(name) == 3 && name[0] >= '1' && name[0] <= '5'
}

// covering is the answer for a status that has none of its own: its range's, or the default.
func (t table) covering(status string) part {
	if p := t[status[:1]+"XX"]; p != nil {
		return p
	}
	return t["default"]
}

// implied tells whether a keyword says what holds without it in an object that has it not.
func implied(keyword string, said, in part) bool {
	if !said.plainly(yaml.ScalarNode) {
		return false
	}
	want := implicit[keyword]
	switch keyword {
	case "style":
		want = style(in)
	case "explode":
		if of := style(in); of != "" {
			want = strconv.FormatBool(of == "form")
		}
	}
	return want != "" && said[0].node.Value == want
}

// implicit are the values of keywords that are not there.
var implicit = map[string]string{
	"required": "false", "deprecated": "false", "allowReserved": "false", "allowEmptyValue": "false", "nullable": "false", "readOnly": "false",
	"writeOnly": "false", "uniqueItems": "false", "exclusiveMinimum": "false", "exclusiveMaximum": "false", "additionalProperties": "true",
	"unevaluatedProperties": "true", "unevaluatedItems": "true", "minLength": "0", "minItems": "0", "minProperties": "0",
}

// style is how a parameter or a header is written where it does not say; "" of what is neither.
func style(in part) string {
	if said := in.text("style"); said != "" {
		return said
	}
	switch in.text("in") {
	case "query", "cookie":
		return "form"
	case "path", "header":
		return "simple"
	}
	if parts := place.Split(in.at()); len(parts) > 1 && parts[len(parts)-2] == "headers" {
		return "simple"
	}
	return ""
}
