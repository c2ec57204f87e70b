package diff

import (
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// sent are the components that what a client sends is written by.
func sent(d *place.Document) map[string]bool {
	u := usage{d, map[string]bool{}}
	for _, item := range place.Members(d.At("/paths")) {
		u.refer(place.Member(item, "parameters"))
		for operation := range operations(item) {
			u.refer(place.Member(operation, "parameters"))
			u.refer(place.Member(operation, "requestBody"))
			for _, callback := range place.Members(place.Member(operation, "callbacks")) {
				u.called(callback)
			}
		}
	}
	u.called(d.At("/webhooks"))
	return u.components
}

func operations(item *yaml.Node) iter.Seq[*yaml.Node] {
	return func(yield func(*yaml.Node) bool) {
		for name, operation := range place.Members(item) {
			if slices.Contains(methods, name.Value) && !yield(operation) {
				return
			}
		}
	}
}

// usage collects components that are referred to.
type usage struct {
	*place.Document
	components map[string]bool
}

// called is of what a server calls: there the client answers.
func (u usage) called(items *yaml.Node) {
	for _, item := range place.Members(items) {
		for operation := range operations(item) {
			u.refer(place.Member(operation, "responses"))
		}
	}
}

// refer goes through a value and what it refers to.
func (u usage) refer(n *yaml.Node) {
	if ref, is := place.Text(n, "$ref"); is && strings.HasPrefix(ref, "#/") {
		if name := component(ref[1:]); !u.components[name] {
			u.components[name] = true
			u.refer(u.At(name))
		}
	}
	for _, value := range place.Members(n) {
		u.refer(value)
	}
	for _, item := range place.Items(n) {
		u.refer(place.Plain(item))
	}
}

// component is the pointer of the component that a pointer leads into; it itself if it leads into none.
func component(pointer string) string {
	parts := strings.SplitN(pointer, "/", 5)
	if len(parts) < 4 || parts[1] != "components" {
		return pointer
	}
	return strings.Join(parts[:4], "/")
}

// isSent tells whether what a client sends is written by what is at a pointer.
func isSent(components map[string]bool, pointer string) bool {
	parts := place.Split(pointer)
	if len(parts) > 3 && parts[0] == "paths" {
		return parts[3] == "requestBody" || parts[3] == "parameters" || parts[2] == "parameters"
	}
	return components[component(pointer)]
}
