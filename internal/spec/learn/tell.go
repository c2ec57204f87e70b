package learn

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// tell says in words what was seen.
func (l *Learner) tell(d *drift) string {
	at, name := l.document.called(d.place), d.name
	switch d.kind {
	case Field:
		if !isName(name) {
			return "new fields of " + at
		}
		return fmt.Sprintf("new field %s of %s, %s", name, at, d.shape.told())
	case Value:
		if name == "" || name == everybody {
			return "new values of " + at
		}
		return "new value " + name + " of " + at
	case Status:
		return fmt.Sprintf("new status %s of %s", name, l.document.operationOf(d.place))
	case Content:
		return fmt.Sprintf("new media type %s of %s", cmp.Or(name, "(none)"), l.document.responseOf(d.place))
	case Header:
		if name == everybody {
			return "new headers of " + l.document.responseOf(d.place)
		}
		return fmt.Sprintf("new header %s of %s, %s", headerCase(name), l.document.responseOf(d.place), d.shape.told())
	case Null:
		return at + " came as null"
	case Type:
		return at + " came as " + name
	case Required:
		return fmt.Sprintf("%s of %s was left out, and is required", name, at)
	}
	if name == "" {
		return fmt.Sprintf("%s came as what is no %s", at, l.document.text(place.Join(d.place, "format")))
	}
	return at + " always is of the format " + name
}

// told are the types of a shape, in words.
func (s *shape) told() string {
	kinds := strings.Join(s.kinds(), " or ")
	if len(s.formats) > 0 && s.types["string"] > 0 {
		kinds = strings.Replace(kinds, "string", "string of the format "+s.formats[0], 1)
	}
	return cmp.Or(kinds, "of a type that was not looked at")
}

// operationOf is METHOD /path of a pointer into an operation.
func (d *document) operationOf(pointer string) string {
	all := place.Split(pointer)
	if len(all) >= 3 && all[0] == "paths" {
		return strings.ToUpper(all[2]) + " " + all[1]
	}
	return pointer
}

// responseOf is that, and the status.
func (d *document) responseOf(pointer string) string {
	all := place.Split(pointer)
	if len(all) >= 5 && all[0] == "paths" {
		return all[4] + " of " + d.operationOf(pointer)
	}
	return pointer
}

// bodyOf is the body of such a response, if that is what a pointer leads to.
func (d *document) bodyOf(pointer string) string {
	if all := place.Split(pointer); len(all) == 8 && all[3] == "responses" && all[5] == "content" {
		return "the body of " + d.responseOf(pointer)
	}
	return pointer
}

// headerCase writes a header as people do.
func headerCase(name string) string { return strings.ReplaceAll(name, "Ratelimit", "RateLimit") }
