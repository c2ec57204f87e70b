package learn_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

// answer is one answer of the API before it is an exchange.
type answer struct {
	number int // in its traffic
	status int
	header http.Header
	body   map[string]any // nil is no body
}

func (a *answer) isRender() bool { return a.status == http.StatusOK }

func (a *answer) output() map[string]any {
	o, _ := a.body["output"].(map[string]any)
	if o == nil {
		return map[string]any{} // another drift took it
	}
	return o
}

func (a *answer) problem() map[string]any { return a.body["error"].(map[string]any) }

// plant is a drift that can be put into traffic, and what learning it proposes.
type plant struct {
	into   func(a *answer, r *rand.Rand)
	want   []string // the front of the texts of its proposals
	beside string   // plants with the same word change one place, and are not put together
}

// onRenders changes one render in so many.
func onRenders(each int, change func(a *answer)) func(*answer, *rand.Rand) {
	return func(a *answer, r *rand.Rand) {
		if a.isRender() && r.IntN(each) == 0 {
			change(a)
		}
	}
}

func onProblems(change func(a *answer)) func(*answer, *rand.Rand) {
	return func(a *answer, _ *rand.Rand) {
		if a.status == http.StatusNotFound {
			change(a)
		}
	}
}

const operation = "GET /v1/renders/{render_id}"

// plants are all drifts that the tests put into traffic, by names in plain words.
var plants = map[string]plant{
	"a field": {onRenders(1, func(a *answer) { a.body["codec"] = "h264" }), []string{"new field codec of Render, string"}, ""},
	"a rare field": {onRenders(6, func(a *answer) { a.body["expires_at"] = "2026-11-01T00:00:00Z" }),
		[]string{"new field expires_at of Render, string of the format date-time"}, ""},
	"a link":          {onRenders(1, func(a *answer) { a.body["poster"] = "https://cdn.example/p.jpg" }), []string{"new field poster of Render, string of the format uri"}, ""},
	"a field of null": {onRenders(1, func(a *answer) { a.body["parent_id"] = nil }), []string{"new field parent_id of Render, null"}, ""},
	"a field deep in": {onRenders(1, func(a *answer) { a.output()["color"] = map[string]any{"space": "bt709", "nits": 100.5} }), []string{"new field color of RenderOutput, object"}, "output"},
	"a list":          {onRenders(2, func(a *answer) { a.body["parts"] = []any{map[string]any{"n": 1, "at": nil}, map[string]any{"n": 2.5}} }), []string{"new field parts of Render, array"}, ""},
	"an empty list":   {onRenders(2, func(a *answer) { a.body["warnings"] = []any{} }), []string{"new field warnings of Render, array"}, ""},
	"mixed types":     {func(a *answer, _ *rand.Rand) { a.mix() }, []string{"new field rank of Render, string or integer or null"}, ""},
	"a map": {onRenders(1, func(a *answer) {
		a.body["usage"] = map[string]any{fmt.Sprintf("0192f0c1-7a3e-7c52-9b1d-%012d", a.number): 1}
	}), []string{"new field usage of Render, object"}, ""},
	"a field of errors": {onProblems(func(a *answer) { a.problem()["request_id"] = "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90" }),
		[]string{"new field request_id of ErrorDetail, string of the format uuid"}, ""},
	"a field in a list of errors": {onProblems(func(a *answer) {
		a.problem()["fields"] = []any{map[string]any{"field": "path.x", "message": "no", "hint": "see"}}
	}), []string{"new field hint of FieldError, string"}, ""},
	"a state":                {onRenders(4, func(a *answer) { a.body["state"] = "cancelled" }), []string{"new value cancelled of RenderState"}, "state"},
	"two resolutions":        {onRenders(3, func(a *answer) { a.output()["resolution"] = []string{"1440p", "8k"}[a.number%2] }), []string{"new value 1440p of RenderResolution", "new value 8k of RenderResolution"}, "output"},
	"null for an id":         {onRenders(4, func(a *answer) { a.body["asset_id"] = nil }), []string{"Render.asset_id came as null"}, "asset"},
	"null for a state":       {onRenders(4, func(a *answer) { a.body["state"] = nil }), []string{"Render.state came as null"}, "state"},
	"null for an object":     {onRenders(4, func(a *answer) { a.body["output"] = nil }), []string{"Render.output came as null"}, "output"},
	"null in an error":       {onProblems(func(a *answer) { a.problem()["message"] = nil }), []string{"ErrorDetail.message came as null"}, ""},
	"a text for a size":      {onRenders(3, func(a *answer) { a.body["size_bytes"] = "7340032" }), []string{"Render.size_bytes came as string"}, "size"},
	"a fraction":             {onRenders(3, func(a *answer) { a.body["size_bytes"] = 7.5 }), []string{"Render.size_bytes came as number"}, "size"},
	"more than an int64":     {func(a *answer, _ *rand.Rand) { a.grow() }, []string{"Render.size_bytes came as what is no int64"}, "size"},
	"seconds for a time":     {onRenders(3, func(a *answer) { a.body["created_at"] = 1793437 }), []string{"Render.created_at came as integer"}, ""},
	"a number for a state":   {onRenders(3, func(a *answer) { a.body["state"] = a.number % 3 }), []string{"Render.state came as integer"}, "state"},
	"an object for a format": {onRenders(3, func(a *answer) { a.output()["format"] = map[string]any{"name": "mp4"} }), []string{"RenderOutput.format came as object"}, "output"},
	"null and a text at once": {func(a *answer, r *rand.Rand) {
		onRenders(2, func(a *answer) { a.body["asset_id"] = []any{nil, 17}[a.number%2] })(a, r)
	}, []string{"Render.asset_id came as null, and as integer"}, "asset"},
	"another kind of id":         {onRenders(3, func(a *answer) { a.body["asset_id"] = fmt.Sprintf("ast_%d", a.number) }), []string{"Render.asset_id came as what is no uuid"}, "asset"},
	"a text with a format":       {onRenders(1, func(a *answer) { a.body["error_code"] = fmt.Sprintf("0192f0c1-7a3e-7c52-9b1d-%012d", a.number) }), []string{"Render.error_code always is of the format uuid"}, ""},
	"a required member left out": {onRenders(3, func(a *answer) { delete(a.body, "cut_id") }), []string{"cut_id of Render was left out, and is required"}, ""},
	"a header":                   {func(a *answer, _ *rand.Rand) { a.header.Set("X-RateLimit-Remaining", fmt.Sprint(a.number)) }, []string{"new header X-RateLimit-Remaining of 200 of " + operation + ", integer", "new header X-RateLimit-Remaining of default of " + operation + ", integer"}, ""},
	"headers for callers": {onRenders(1, func(a *answer) {
		a.header.Set("X-Request-Id", id(a.number))
		a.header.Set("Deprecation", "@1790000000")
		a.header.Set("Sunset", "Sat, 31 Oct 2026 23:59:59 GMT")
	}), []string{"new header Deprecation of 200 of " + operation + ", string", "new header Sunset of 200 of " + operation + ", string",
		"new header X-Request-Id of 200 of " + operation + ", string of the format uuid"}, ""},
	"a header of refusals":    {onProblems(func(a *answer) { a.header.Set("Retry-After", "3") }), []string{"new header Retry-After of default of " + operation + ", integer"}, ""},
	"a status of success":     {onRenders(5, func(a *answer) { a.status = 202 }), []string{"new status 202 of " + operation}, "status"},
	"a status without a body": {onRenders(5, func(a *answer) { a.status, a.body = 204, nil }), []string{"new status 204 of " + operation}, "status"},
	"another envelope": {func(a *answer, r *rand.Rand) {
		if r.IntN(5) == 0 {
			a.status, a.body = 503, map[string]any{"detail": "down", "retry": 3}
		}
	}, []string{"new status 503 of " + operation}, "status"},
	"another media type": {onRenders(3, func(a *answer) { a.header.Set("Content-Type", "application/vnd.roughy+json") }), []string{"new media type application/vnd.roughy+json of 200 of " + operation}, ""},
}

// mix gives renders a member of several types.
func (a *answer) mix() {
	if a.isRender() {
		a.body["rank"] = []any{"low", 3, nil}[a.number%3]
	}
}

// grow gives renders a size that no int64 takes.
func (a *answer) grow() {
	if a.isRender() && a.number%3 == 0 {
		a.body["size_bytes"] = json.Number("1180591620717411303424")
	}
}

// noise is what comes with answers, and is no drift.
var noise = map[string]string{
	"Date": "Sun, 01 Nov 2026 10:00:00 GMT", "Server": "Fly/1", "Via": "1.1 fly.io", "Fly-Request-Id": "01J", "Cf-Ray": "8f", "Etag": `"x"`, "Vary": "Accept",
	"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=1", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*",
	"Alt-Svc": "h3", "X-Cache": "MISS", "X-Amz-Cf-Id": "x", "Set-Cookie": "session=LEAKleak77", "Www-Authenticate": "Bearer", "X-Envoy-Upstream-Service-Time": "3",
	"Traceparent": "00-1", "Tracestate": "a=1", "B3": "0", "X-B3-Traceid": "a", "X-Amzn-Trace-Id": "Root=1", "X-Cloud-Trace-Context": "a/1", "Server-Timing": "a", "X-Auth-Token": "LEAKleak78", "X-Powered-By": "us", "Link": "<a>", "Content-Language": "en",
}

// exchanges are traffic about some renders, with these drifts in it.
func exchanges(n int, seed uint64, with ...string) []traffic.Entry {
	r := rand.New(rand.NewPCG(seed, 7))
	var out []traffic.Entry
	for i := range n {
		a := clean(i)
		for _, name := range with {
			plants[name].into(a, r)
		}
		out = append(out, a.entry())
	}
	return out
}

// clean is an answer as it is documented.
func clean(i int) *answer {
	a := &answer{number: i, status: 200, header: http.Header{"Content-Type": {"application/json"}}}
	for name, value := range noise {
		a.header.Set(name, value)
	}
	if i%8 == 7 {
		a.status = 404
		a.body = map[string]any{"error": map[string]any{"code": "not_found", "message": fmt.Sprintf("There is no render %d.", i)}}
		return a
	}
	state := []string{"pending", "processing", "completed", "failed"}[i%4]
	a.body = map[string]any{
		"id": id(i / 2), "asset_id": id(1000 + i/8), "cut_id": nil, "state": state,
		"output":     map[string]any{"format": "mp4", "resolution": "1080p", "video_bitrate": 10000000, "frame_rate": 29.97, "audio_bitrate": nil},
		"size_bytes": nil, "error_code": nil, "error_message": nil, "created_at": "2026-10-31T09:15:00.123456Z", "started_at": nil, "completed_at": nil,
		"download_url": nil,
	}
	switch state {
	case "completed":
		a.body["size_bytes"], a.body["completed_at"] = 7340032+i, "2026-10-31T09:15:42Z"
		a.body["download_url"] = fmt.Sprintf("https://storage.example/%d.mp4?X-Amz-Signature=LEAK%d", i, i)
	case "failed":
		a.body["error_code"], a.body["error_message"] = "asset_gone", "The asset is gone."
	}
	return a
}

func id(n int) string { return fmt.Sprintf("0192f0c1-7a3e-7c52-9b1d-%012x", n) }

func (a *answer) entry() traffic.Entry {
	body := []byte{}
	if a.body != nil {
		body, _ = json.Marshal(a.body)
	}
	u := &url.URL{Scheme: "https", Host: "api.roughy.ai", Path: "/v1/renders/" + id(a.number/2)}
	return traffic.Entry{Number: a.number + 1, Request: http.Header{"Authorization": {"Bearer sk_live_LEAK"}}, Exchange: contract.Exchange{
		Method: http.MethodGet, URL: u, Status: a.status, Header: a.header, Body: body,
		Sent: time.Date(2026, 11, 1, 10, 0, a.number, 0, time.UTC),
	}}
}

// names are those of all plants, sorted.
func names() []string { return slices.Sorted(maps.Keys(plants)) }

// together picks plants that do not change one place.
func together(r *rand.Rand) []string {
	var out []string
	taken := map[string]bool{}
	for _, i := range r.Perm(len(plants)) {
		name := names()[i]
		if beside := plants[name].beside; beside == "" || !taken[beside] {
			taken[beside] = beside != ""
			out = append(out, name)
		}
		if len(out) == 6 {
			break
		}
	}
	return out
}

func wanted(with []string) []string {
	var out []string
	for _, name := range with {
		out = append(out, plants[name].want...)
	}
	slices.Sort(out)
	return out
}

// fronts cuts what is said of types off texts that are wanted without.
func fronts(texts, want []string) []string {
	out := slices.Clone(texts)
	for i, text := range out {
		for _, w := range want {
			if strings.HasPrefix(text, w) {
				out[i] = w
			}
		}
	}
	slices.Sort(out)
	return out
}
