package diff

import (
	"fmt"
	"strings"

	"github.com/oasdiff/oasdiff/checker"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// mentioned is the place of a change that oasdiff gives no line for: that of the property or the operation that it names. Where nothing of it
// is there, it is "".
func mentioned(s side, c checker.Change) string {
	if c.GetPath() == "" {
		return ""
	}
	item := s.paths.find("/paths", c.GetPath())
	if item == nil {
		return ""
	}
	at := item.at()
	operation := place.Join(at, strings.ToLower(c.GetOperation()))
	if s.At(operation) == nil {
		return at
	}
	if found := property(s, operation, c.GetArgs()); found != "" {
		return found
	}
	return operation
}

// property is the schema of the property that a change names, in the response that it names or in the request.
func property(s side, operation string, args []any) string {
	var words []string
	for _, a := range args {
		words = append(words, fmt.Sprint(a))
	}
	for _, root := range roots(s, operation, words) {
		for _, word := range words {
			if at := below(s, root, word); at != "" {
				return at
			}
		}
	}
	return ""
}

// roots are the schemas that a property may be below: of the responses with a status that words name, else of all, and of the request.
func roots(s side, operation string, words []string) []string {
	var bodies []string
	for key := range place.Members(s.At(place.Join(operation, "responses"))) {
		at := s.Resolve(place.Join(operation, "responses", key.Value))
		for _, word := range words {
			if word == key.Value {
				bodies = append([]string{at}, bodies...)
			}
		}
		bodies = append(bodies, at)
	}
	bodies = append(bodies, s.Resolve(place.Join(operation, "requestBody")))
	var out []string
	for _, body := range bodies {
		for key := range place.Members(s.At(place.Join(body, "content"))) {
			out = append(out, place.Join(body, "content", key.Value, "schema"))
		}
	}
	return out
}

// below goes down a path of property names, such as output/frame_rate or items/id, through references and the branches of an anyOf.
func below(s side, at, path string) string {
	for _, name := range strings.Split(strings.Trim(path, "/"), "/") {
		at = child(s, s.Resolve(at), name)
		if at == "" {
			return ""
		}
	}
	return at
}

func child(s side, at, name string) string {
	if next := place.Join(at, "properties", name); s.At(next) != nil {
		return next
	}
	if next := place.Join(at, name); name == "items" && s.At(next) != nil {
		return next
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for i := range place.Items(s.At(place.Join(at, keyword))) {
			if next := child(s, s.Resolve(place.Join(at, keyword, fmt.Sprint(i))), name); next != "" {
				return next
			}
		}
	}
	return ""
}
