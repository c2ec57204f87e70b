package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// htmlOf is the page of some checks.
func htmlOf(t *testing.T, s report.Summary, checks ...report.Check) string {
	t.Helper()
	var out bytes.Buffer
	writtenWith(t, report.HTML(&out), s, checks...)
	return out.String()
}

// elements are all of a page, in order.
func elements(t *testing.T, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

// attribute is "" if there is none.
func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// inner is all text in an element, with one space for any.
func inner(n *html.Node) string {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// texts are those of the elements of a name and class; "" is any class.
func texts(t *testing.T, page, name, class string) []string {
	t.Helper()
	var out []string
	for _, n := range elements(t, page) {
		if n.Data == name && (class == "" || strings.Contains(" "+attribute(n, "class")+" ", " "+class+" ")) {
			out = append(out, inner(n))
		}
	}
	return out
}

func TestHTMLShowsTheWhole(t *testing.T) {
	t.Parallel()
	page := htmlOf(t, summary(), recorded(append(checks(), repeated(7)...))...)
	require.Equal(t, []string{"The contract is broken"}, texts(t, page, "h1", ""))
	require.Equal(t, []string{"8 of 14 exchanges break it."}, texts(t, page, "p", "detail"))
	require.Equal(t, []string{
		"checked 15 exchanges in all",
		"violations 8 break the contract",
		"unanswered 1 no answer came",
		"unchecked 1 could not be judged whole",
		"warnings 1 undocumented, but harmless",
		"ok 3 without a finding",
		"outside 1 of servers that the document does not name",
		"unread 2 nothing could be read, whatever the verdict",
		"accepted 1 findings that the baseline accepts",
		"skipped 4 not judged, as asked for",
		"forgotten 1 renders whose earlier reads were forgotten",
	}, texts(t, page, "li", "tile"))
	require.Equal(t, []string{
		"Verdicts over time", "Findings", "Latency", "Renders", "Coverage of the document", "Baseline", "Exchanges",
	}, texts(t, page, "h2", ""))
	text := texts(t, page, "body", "")[0]
	for _, want := range []string{
		"schema.required 8", "undocumented-field 2", "/items/*/state 7", "capture.har", "25 Nov 2026, 12:00:14 UTC",
		"openapi.yaml:85:7", "came: nothing", "fastest 1.5 ms", "slowest 22.5 ms",
		"statuses 1 of 2", "value /state: pending openapi.yaml:9:1", "property /output/format",
		"undocumented-field at /old, which nothing showed", "schema.required at /state, until 2026-01-31",
		"and 7 more", "no connection", "1 accepted", "withheld", "unread",
	} {
		require.Contains(t, text, want)
	}
}

func TestHTMLHeadlines(t *testing.T) {
	t.Parallel()
	fine, refused := judged("fine", contract.OK), judged("not-mine", contract.OK)
	refused.Problem = "not found"
	expired := report.Summary{Expired: []string{"status"}}
	for name, c := range map[string]struct {
		summary report.Summary
		checks  []report.Check
		want    string
	}{
		"nothing":          {want: "Nothing was checked"},
		"only foreign":     {checks: []report.Check{{Subject: "x", Outside: true}}, want: "Nothing was checked"},
		"all fine":         {checks: []report.Check{fine}, want: "The contract is kept"},
		"a warning":        {checks: []report.Check{fine, judged("x", contract.Warning, extra)}, want: "The contract is kept, with warnings"},
		"not judged":       {checks: []report.Check{fine, judged("x", contract.Unchecked, capped)}, want: "Not everything could be judged"},
		"not answered":     {checks: []report.Check{fine, {Problem: "gone"}}, want: "Not every exchange was answered"},
		"nothing answered": {checks: []report.Check{{Problem: "gone"}}, want: "No answer came"},
		"nothing read":     {checks: []report.Check{refused, {Problem: "gone"}}, want: "Nothing could be read"},
		"expired":          {expired, []report.Check{fine}, "Accepted findings have expired"},
		"broken":           {expired, []report.Check{fine, judged("x", contract.Violation, missing)}, "The contract is broken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{c.want}, texts(t, htmlOf(t, c.summary, c.checks...), "h1", ""))
		})
	}
}

func TestHTMLOfWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	page := htmlOf(t, report.Summary{}, checks()...)
	require.Equal(t, []string{"Verdicts by number", "Findings", "Baseline", "Exchanges"}, texts(t, page, "h2", ""))
	require.NotContains(t, page, "<time")
	require.NotContains(t, page, "0001")
	mixed := recorded(checks())
	mixed[3].Started = time.Time{}
	require.Contains(t, htmlOf(t, report.Summary{}, mixed...), "1 without a time are in none.")
}

func TestHTMLTextsCannotBecomeMarkup(t *testing.T) {
	t.Parallel()
	const hostile = "</script><img src=x onerror=alert(1)>'\"`{{.}}\u202e\x00"
	f := contract.Finding{Rule: hostile, Severity: contract.Violation, Layer: contract.LayerBody, Pointer: "/" + hostile,
		Position: hostile, Expected: hostile, Got: hostile}
	c := judged(hostile, contract.Violation, f)
	c.State, c.Problem, c.Render, c.Path, c.Method, c.Report.Operation = hostile, hostile, hostile, hostile, hostile, hostile
	c.Accepted = []contract.Finding{f}
	s := summary()
	s.Source, s.Document, s.Stale, s.Expired = hostile, hostile, []string{hostile}, []string{hostile}
	s.Coverage = append(s.Coverage, contract.Part{Kind: "value", Operation: hostile, Status: hostile, Name: hostile, Property: hostile, Position: hostile})
	page := htmlOf(t, s, c)
	scripts := 0
	for _, e := range elements(t, page) {
		require.NotEqual(t, "img", e.Data)
		for _, a := range e.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "%s of %s", a.Key, e.Data)
		}
		if e.Data == "script" {
			scripts++
		}
	}
	require.Equal(t, 2, scripts)
	require.NotContains(t, page, "\u202e")
	require.Contains(t, texts(t, page, "title", "")[0], "<img src=x onerror=alert(1)>")
}

func TestHTMLNeedsNothingBesideIt(t *testing.T) {
	t.Parallel()
	policy := ""
	for _, e := range elements(t, htmlOf(t, summary(), recorded(checks())...)) {
		for _, a := range e.Attr {
			require.NotContains(t, []string{"src", "srcset", "action", "data", "poster", "style"}, a.Key)
			require.True(t, a.Key != "href" || a.Val == "data:," || strings.HasPrefix(a.Val, "#"), a.Val)
		}
		if e.Data == "style" || e.Data == "script" {
			for _, loads := range []string{"http:", "https:", "url(", "@import", "import(", "fetch", "XMLHttpRequest", "Socket", "EventSource", ".src"} {
				require.NotContains(t, inner(e), loads)
			}
		}
		if attribute(e, "http-equiv") != "" {
			policy = attribute(e, "content")
		}
	}
	require.True(t, strings.HasPrefix(policy, "default-src 'none'; "), policy)
	require.NotContains(t, policy, "unsafe")
}

func TestHTMLTellsThatNothingCouldBeWritten(t *testing.T) {
	t.Parallel()
	w := report.HTML(full{})
	require.NoError(t, w.Add(judged("x", contract.OK)))
	require.ErrorIs(t, w.Close(report.Summary{}), errFull)
}
