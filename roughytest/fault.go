package roughytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// fault is how a Break is done, and the rule that a check reports it by.
type fault struct {
	rule  string
	alter alteration
}

// breaks is every Break.
var breaks = map[Break]fault{
	MissingState: {"schema.required", ofMembers(func(m members, _ *answer) { delete(m, "state") })},
	UnknownState: {"schema.enum", ofMembers(to("state", `"archived"`))},
	NullCreation: {"schema.type", ofMembers(to("created_at", `null`))},
	WrongType:    {"schema.type", ofMembers(to("output", `"mp4"`))},
	WrongFormat:  {"schema.format", ofMembers(to("created_at", `"yesterday"`))},
	ExtraMember:  {"undocumented-field", ofMembers(to("progress", `0.5`))},

	InvalidJSON:     {"json-syntax", beforeEnd(`,`)},
	InvalidUTF8:     {"json-syntax", ofMembers(to("error_message", "\"\xff\""))},
	DuplicateMember: {"json-duplicate", ofAnswer(repeatID)},

	NoContentType:    {"content-type", ofAnswer(func(a *answer) { a.header["Content-Type"] = nil })},
	WrongContentType: {"content-type", contentType("text/plain")},
	WrongCharset:     {"charset", contentType("application/json; charset=iso-8859-1")},
	EmptyBody:        {"body", ofAnswer(func(a *answer) { a.body = nil })},
	CutBody:          {"body", cutInHalf},
	FalseGzip:        {"body", ofAnswer(func(a *answer) { a.header.Set("Content-Encoding", "gzip") })},
	ErrorPage:        {"content-type", failing(http.StatusBadGateway, "text/html", "<html><h1>502 Bad Gateway</h1></html>\n")},
	NoEnvelope:       {"schema.required", failing(http.StatusInternalServerError, "application/json", "{}\n")},

	ForeignID: {"lifecycle.id", ofMembers(func(m members, _ *answer) { m.set("id", strconv.Quote(uuid.NewString())) })},
	EarlyLink: {"lifecycle.link-early", ofMembers(func(m members, a *answer) { m.setLink(a.link(linkTTL)) },
		roughy.StatePending, roughy.StateProcessing, roughy.StateFailed)},
	MissingLink: {"lifecycle.link-missing", ofMembers(to("download_url", `null`), roughy.StateCompleted)},
	NoReason:    {"lifecycle.error-missing", ofMembers(to("error_code", `null`, "error_message", `null`), roughy.StateFailed)},
	NoCompletion: {"lifecycle.completed-at-missing", ofMembers(to("completed_at", `null`),
		roughy.StateCompleted, roughy.StateFailed)},

	ChangedAsset: {"lifecycle.constant", ofMembers(func(m members, _ *answer) { m.set("asset_id", strconv.Quote(uuid.NewString())) })},
	Backward:     {"lifecycle.backward", ofMembers(to("state", `"pending"`, "started_at", `null`), roughy.StateProcessing)},
	Reopened: {"lifecycle.terminal", ofMembers(to("state", `"processing"`, "completed_at", `null`, "size_bytes", `null`,
		"error_code", `null`, "error_message", `null`, "download_url", `null`), roughy.StateCompleted, roughy.StateFailed)},

	WrongLength: {"lifecycle.link-length", ofMembers(lengthen, roughy.StateCompleted)},
	ExpiredLink: {"lifecycle.link-status", ofMembers(func(m members, a *answer) { m.setLink(a.link(-time.Minute)) },
		roughy.StateCompleted)},
}

func (m members) setLink(link string) {
	m["download_url"], _ = json.Marshal(link) // a string always marshals
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
func cutInHalf(w http.ResponseWriter, _ *http.Request, a *answer) {
	a.begin(w, len(a.body)/2)
	_ = http.NewResponseController(w).Flush() // what was sent has to arrive
	panic(http.ErrAbortHandler)
}
