package roughytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// fault is how a Break is done, and how it shows.
type fault struct {
	rule  string // that a check reports it by
	warns bool   // which is a warning
	reads int    // that show it

	states []roughy.State // in which it shows; none: in all
	alter  alteration     // of the answers to good reads in these; nil: they stay as they are
	link   alteration     // of the next good answer of the link, and no other; nil: it stays as it is
}

// showing is the states in which a fault shows.
func (f fault) showing() []roughy.State {
	if f.states == nil {
		return []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateCompleted, roughy.StateFailed}
	}
	return slices.Clone(f.states)
}

// breach is a fault that one read shows, in any state, as a violation.
func breach(rule string, alter alteration) fault { return fault{rule: rule, reads: 1, alter: alter} }

// warning is one whose rule is a warning.
func (f fault) warning() fault {
	f.warns = true
	return f
}

// again is one that only another read shows.
func (f fault) again() fault {
	f.reads = 2
	return f
}

// in is one that shows in these states alone.
func (f fault) in(states ...roughy.State) fault {
	f.states = states
	return f
}

// atLink is one that the link of a completed render shows, and no read.
func (f fault) atLink() fault {
	f.reads = 0
	return f.in(roughy.StateCompleted)
}

// breaks is every Break.
var breaks = map[Break]fault{
	MissingState: breach("schema.required", ofMembers(func(m members, _ *answer) { delete(m, "state") })),
	UnknownState: breach("schema.enum", ofMembers(to("state", `"archived"`))),
	NullCreation: breach("schema.type", ofMembers(to("created_at", `null`))),
	WrongType:    breach("schema.type", ofMembers(to("output", `"mp4"`))),
	WrongFormat:  breach("schema.format", ofMembers(to("created_at", `"yesterday"`))),
	ExtraMember:  breach("undocumented-field", ofMembers(to("progress", `0.5`))).warning(),

	InvalidJSON:     breach("json-syntax", beforeEnd(`,`)),
	InvalidUTF8:     breach("json-syntax", ofMembers(to("error_message", "\"\xff\""))),
	DuplicateMember: breach("json-duplicate", ofAnswer(repeatID)),

	NoContentType:    breach("content-type", ofAnswer(func(a *answer) { a.header["Content-Type"] = nil })),
	WrongContentType: breach("content-type", contentType("text/plain")),
	WrongCharset:     breach("charset", contentType("application/json; charset=iso-8859-1")).warning(),
	EmptyBody:        breach("body", ofAnswer(func(a *answer) { a.body = nil })),
	CutBody:          breach("body", cutInHalf),
	FalseGzip:        breach("body", ofAnswer(func(a *answer) { a.header.Set("Content-Encoding", "gzip") })),
	ErrorPage:        breach("content-type", failing(http.StatusBadGateway, "text/html", "<html><h1>502 Bad Gateway</h1></html>\n")),
	NoEnvelope:       breach("schema.required", failing(http.StatusInternalServerError, "application/json", "{}\n")),

	ForeignID: breach("lifecycle.id", ofMembers(func(m members, _ *answer) { m.set("id", strconv.Quote(uuid.NewString())) })),
	EarlyLink: breach("lifecycle.link-early", linking(linkTTL)).
		in(roughy.StatePending, roughy.StateProcessing, roughy.StateFailed),
	MissingLink: breach("lifecycle.link-missing", ofMembers(to("download_url", `null`))).warning().in(roughy.StateCompleted),
	NoReason: breach("lifecycle.error-missing", ofMembers(to("error_code", `null`, "error_message", `null`))).
		in(roughy.StateFailed),
	NoCompletion: breach("lifecycle.completed-at-missing", ofMembers(to("completed_at", `null`))).
		in(roughy.StateCompleted, roughy.StateFailed),

	ChangedAsset: breach("lifecycle.constant", ofMembers(func(m members, _ *answer) { m.set("asset_id", strconv.Quote(uuid.NewString())) })).
		warning().again(),
	Backward: breach("lifecycle.backward", ofMembers(to("state", `"pending"`, "started_at", `null`))).
		warning().again().in(roughy.StateProcessing),
	Reopened: breach("lifecycle.terminal", ofMembers(to("state", `"processing"`, "completed_at", `null`, "size_bytes", `null`,
		"error_code", `null`, "error_message", `null`, "download_url", `null`))).again().in(roughy.StateCompleted, roughy.StateFailed),

	WrongLength: breach("lifecycle.link-length", ofMembers(lengthen)).atLink(),
	ExpiredLink: breach("lifecycle.link-status", linking(-time.Minute)).atLink(),
	RefusedLink: fault{rule: "lifecycle.link-status",
		link: failing(http.StatusForbidden, "text/plain", "this link is refused, once\n")}.atLink(),
	CutLink: fault{rule: "lifecycle.link-length", link: cutInHalf}.atLink(),
}

// linking gives a render a link that works for a while, or no longer.
func linking(ttl time.Duration) alteration {
	return ofMembers(func(m members, a *answer) {
		m["download_url"], _ = json.Marshal(a.link(ttl)) // a string always marshals
	})
}

// lengthen makes size_bytes one more than it is.
func lengthen(m members, _ *answer) {
	size, _ := strconv.ParseInt(string(m["size_bytes"]), 10, 64) // the endpoint wrote it
	m.set("size_bytes", strconv.FormatInt(size+1, 10))
}

// beforeEnd puts a text before the last brace.
func beforeEnd(text string) alteration {
	return ofAnswer(func(a *answer) {
		last := bytes.LastIndexByte(a.body, '}')
		a.body = []byte(string(a.body[:last]) + text + "}\n")
	})
}

// repeatID puts the id behind the last member once more.
func repeatID(a *answer) {
	var r struct{ ID json.RawMessage }
	_ = json.Unmarshal(a.body, &r) // the endpoint wrote it
	last := bytes.LastIndexByte(a.body, '}')
	a.body = []byte(string(a.body[:last]) + `,"id":` + string(r.ID) + "}\n")
}

func contentType(text string) alteration {
	return ofAnswer(func(a *answer) { a.header.Set("Content-Type", text) })
}

// failing answers with a body that is not what failures have.
func failing(status int, contentType, body string) alteration {
	return ofAnswer(func(a *answer) {
		a.status, a.body = status, []byte(body)
		a.header.Set("Content-Type", contentType)
	})
}

// cutInHalf breaks the connection off when half of the body was sent.
func cutInHalf(w http.ResponseWriter, a *answer) {
	a.begin(w, len(a.body)/2)
	_ = http.NewResponseController(w).Flush() // what was sent has to arrive
	panic(http.ErrAbortHandler)
}
