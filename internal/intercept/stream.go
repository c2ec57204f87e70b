package intercept

import (
	"net/http"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// mediaType is what an answer says it is: lower case, without parameters, "" if it does not say.
func mediaType(h http.Header) string {
	name, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// endless reports whether an answer of this type may have no end, so that it cannot be held.
func endless(name string) bool {
	switch name {
	case "text/event-stream", "multipart/x-mixed-replace",
		"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/jsonlines",
		"application/x-jsonlines", "application/json-lines", "application/json-seq", "application/stream+json":
		return true
	}
	return strings.HasSuffix(name, "+json-seq")
}

// isJSON reports whether an answer of this type is one JSON value, as package contract has it.
func isJSON(name string) bool {
	return contract.IsJSON(name) && !endless(name)
}

// looked reports whether the contract looks into bodies of this type, or may: one that does not say what it is, is held to the only
// type that is documented.
func looked(name string) bool { return name == "" || name == "text/plain" || isJSON(name) }
