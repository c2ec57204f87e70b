package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// fileURL is where a page can be opened.
func fileURL(t *testing.T, page string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(path, []byte(page), 0o600))
	return "file://" + path
}

// run is the page of 2,015 checks of every kind: more than it lists.
func run(t *testing.T) string {
	t.Helper()
	all := append(checks(), repeated(7)...)
	for i := range 2_000 {
		all = append(all, judged(fmt.Sprintf("render-%d", i/4), contract.OK))
		if i%4 == 3 {
			all[len(all)-1] = judged(fmt.Sprintf("render-%d", i/4), contract.Warning, extra)
		}
	}
	return htmlOf(t, summary(), recorded(all)...)
}

// The page as a reader sees it.
const (
	rowsShown = `[...document.querySelectorAll("#exchanges tbody tr")].filter(tr => tr.checkVisibility()).length`
	tiles     = `[...document.querySelectorAll(".tile")].slice(0, 7).map(t => t.querySelector(".name").textContent + " " + t.querySelector(".count").textContent).join(", ")`
	matches   = `document.querySelector("#matches").checkVisibility() ? document.querySelector("#matches").textContent : ""`
	listed    = `document.querySelector("#listed").textContent`
	pressed   = `document.querySelectorAll("[aria-pressed=true]").length`
	tooWide   = `[...document.querySelectorAll("body *")].filter(e => !e.closest("svg, thead, .scroll table") && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + .5).map(e => e.outerHTML.slice(0, 200)).join("\n")`
)

const whole = "checked 2,015, violations 8, unanswered 1, unchecked 1, warnings 501, ok 1,503, outside 1"

// step is what a reader does and sees; the next one begins where it ends.
type step struct {
	name string
	do   func(t *testing.T)
}

func walk(t *testing.T, b *browser, steps ...step) {
	t.Helper()
	for _, s := range steps {
		require.True(t, t.Run(s.name, s.do), "later steps begin where this one ends")
	}
	requireCalm(t, b)
}

func TestHTMLInABrowserFilters(t *testing.T) {
	t.Parallel()
	b, url := openBrowser(t), fileURL(t, run(t))
	walk(t, b, step{"opens with all counts", func(t *testing.T) {
		b.open(url)
		require.Equal(t, whole, b.eval(tiles))
		require.EqualValues(t, 100, b.eval(rowsShown))
		require.Empty(t, b.eval(matches))
	}}, step{"a rule filters rows and counts, exactly although not all are listed", func(t *testing.T) {
		b.click(ranked(b, "undocumented-field"))
		require.Equal(t, "checked 502, violations 1, unanswered 0, unchecked 0, warnings 501, ok 0, outside 0", b.eval(tiles))
		require.Equal(t, "502 exchanges", b.eval(matches))
		require.Equal(t, "#rule=undocumented-field", b.eval(`location.hash`))
		require.Equal(t, "Showing 100 of 401 listed, filtered.", b.eval(listed))
		require.EqualValues(t, 2, b.eval(pressed), "in the ranking and in the table")
	}}, step{"a tile narrows it down", func(t *testing.T) {
		b.click(`.tile.violation button`)
		require.Equal(t, "1 exchange", b.eval(matches))
		require.EqualValues(t, 1, b.eval(rowsShown))
		require.Equal(t, "#rule=undocumented-field&verdict=violation", b.eval(`location.hash`))
	}}, step{"the fragment restores it", func(t *testing.T) {
		b.open(url + "#rule=undocumented-field&verdict=violation&rule=nothing&x")
		require.Equal(t, "1 exchange", b.eval(matches))
		require.EqualValues(t, 1, b.eval(rowsShown))
	}}, step{"a second click undoes it", func(t *testing.T) {
		b.click(`.tile.violation button`)
		require.Equal(t, "502 exchanges", b.eval(matches))
	}}, step{"clear undoes all", func(t *testing.T) {
		b.click(`#clear`)
		require.Equal(t, whole, b.eval(tiles))
		require.Empty(t, b.eval(matches))
		require.Empty(t, b.eval(`location.hash`))
		require.EqualValues(t, 0, b.eval(pressed))
	}}, step{"a field, and the button that takes it away", func(t *testing.T) {
		b.click(ranked(b, "/items/*/state"))
		require.Equal(t, "7 exchanges", b.eval(matches))
		require.EqualValues(t, 7, b.eval(rowsShown))
		b.click(`#chosen button`)
		require.Equal(t, whole, b.eval(tiles))
	}})
}

func TestHTMLInABrowserFindsItsWay(t *testing.T) {
	t.Parallel()
	b, url := openBrowser(t), fileURL(t, run(t))
	b.open(url)
	walk(t, b, step{"a render", func(t *testing.T) {
		b.click(`.renders tbody tr:nth-child(3) button`)
		require.Contains(t, b.eval(matches), " listed exchange")
		require.Contains(t, b.eval(`location.hash`), "#render=")
		b.click(`#clear`)
	}}, step{"bars by keyboard", func(t *testing.T) {
		b.eval(`document.querySelector(".pick[tabindex='0']").focus()`)
		for _, key := range []string{"ArrowRight", "ArrowLeft", "ArrowRight", "Enter"} {
			b.press(key)
		}
		require.Equal(t, "#time=2026-11-25T12%3A01%3A00Z", b.eval(`location.hash`))
		require.Equal(t, "60 exchanges", b.eval(matches))
		b.press("Enter")
		require.Empty(t, b.eval(matches))
	}}, step{"a click on a bar", func(t *testing.T) {
		b.click(`.pick:nth-of-type(2) .hit`)
		require.Equal(t, "60 exchanges", b.eval(matches))
		b.click(`#clear`)
	}}, step{"more rows when asked", func(t *testing.T) {
		b.click(`#more`)
		require.EqualValues(t, 200, b.eval(rowsShown))
	}}, step{"links to parts leave the filters alone", func(t *testing.T) {
		b.click(`.tile.warning button`)
		b.click(`nav a[href="#coverage"]`)
		require.Equal(t, "#verdict=warning", b.eval(`location.hash`))
		require.Equal(t, true, b.eval(`Math.abs(document.querySelector("#coverage").getBoundingClientRect().top) < innerHeight / 2`))
	}}, step{"nothing is wider than a phone", func(t *testing.T) {
		b.size(360, 740)
		b.open(url + "#verdict=violation")
		b.eval(`for (const d of document.querySelectorAll("details")) d.open = true`)
		require.EqualValues(t, 360, b.eval(`document.documentElement.scrollWidth`))
		require.Empty(t, b.eval(tooWide))
	}})
}

// TestHTMLInABrowserOfLittle opens pages that lack parts, and one whose names are longer than a phone is wide.
func TestHTMLInABrowserOfLittle(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	b.size(360, 740)
	long := extra
	long.Pointer, long.Rule = "/"+strings.Repeat("m", 300), strings.Repeat("r", 300)
	long.Position = strings.Repeat("p", 300) + ":1:1"
	for name, checks := range map[string][]report.Check{
		"nothing":    nil,
		"without":    checks(),
		"long names": recorded([]report.Check{judged(strings.Repeat("s", 300), contract.Warning, long)}),
	} {
		b.open(fileURL(t, htmlOf(t, report.Summary{Source: strings.Repeat("h", 300)}, checks...)))
		b.eval(`for (const d of document.querySelectorAll("details")) d.open = true`)
		require.Empty(t, b.eval(tooWide), name)
		require.Equal(t, fmt.Sprint(len(checks)), b.eval(`document.querySelector("[data-all] .count").textContent`), name)
	}
	requireCalm(t, b)
}

func TestHTMLInABrowserWithoutScript(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.open(fileURL(t, run(t)))
	require.Equal(t, whole, b.eval(tiles))
	require.Greater(t, b.eval(rowsShown), 900.0)
	require.EqualValues(t, 0, b.eval(`[...document.querySelectorAll("button, #bar, .hint")].filter(e => e.checkVisibility()).length`))
	requireCalm(t, b)
}

// ranked selects the button of a rule or a field, beside its bar.
func ranked(b *browser, value string) string {
	const find = `[...document.querySelectorAll(".ranking .value")].find(e => e.textContent === %q).dataset.filter`
	return fmt.Sprintf(`.ranking [data-filter="%s"] button`, b.eval(fmt.Sprintf(find, value)))
}

// requireCalm holds a browser to what it was told: it opened files, found nothing to complain about, and asked for nothing else.
func requireCalm(t *testing.T, b *browser) {
	t.Helper()
	require.Empty(t, b.happened("Runtime.exceptionThrown"))
	require.Empty(t, b.happened("Runtime.consoleAPICalled"))
	require.Empty(t, b.happened("Log.entryAdded"))
	for _, request := range b.happened("Network.requestWillBeSent") {
		require.Contains(t, request, `"type":"Document"`)
		require.Contains(t, request, `"url":"file://`)
	}
}
