package contract_test

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
)

var update = flag.Bool("update", false, "write the findings that came into testdata")

// render is a response that keeps our own contract.
const render = `{"id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","asset_id":"0192F0C0-11AA-7D0E-8F23-6B5A4C3D2E1F","cut_id":null,` +
	`"state":"completed","output":{"frame_rate":29.97,"format":"mp4"},"size_bytes":123,"error_code":null,"error_message":null,` +
	`"created_at":"2026-10-31T09:15:00.123456Z","started_at":"2026-10-31t09:15:01z","completed_at":"2016-12-31T23:59:60Z",` +
	`"download_url":null}`

// stateless is render without its state, which breaks our contract in one way.
var stateless = strings.Replace(render, `"state":"completed",`, "", 1)

const renderURL = "https://api.roughy.ai/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"

// ours is our own document, compiled.
func ours(t testing.TB, opts ...contract.Option) *contract.Contract {
	t.Helper()
	c, err := contract.Load("openapi.yaml", file(t, "../../openapi.yaml"), opts...)
	require.NoError(t, err)
	return c
}

func file(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// answer is a 200 to the read of a render.
func answer(body string) contract.Exchange {
	u, _ := url.Parse(renderURL)
	return contract.Exchange{Method: http.MethodGet, URL: u, Status: 200, Body: []byte(body),
		Header: http.Header{"Content-Type": {"application/json"}}}
}

// lines is a report as the golden files hold it.
func lines(r contract.Report) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(r.Operation+" "+r.Verdict.String()) + "\n")
	for _, f := range r.Findings {
		b.WriteString(f.String() + "\n")
	}
	if r.Omitted > 0 {
		b.WriteString("omitted " + strconv.Itoa(r.Omitted) + "\n")
	}
	return b.String()
}

var place = regexp.MustCompile(`openapi\.yaml:(\d+):(\d+)`)

// quoted is a report with what stands at each place of our own document instead of its line and column, so that a change
// elsewhere in it leaves the golden files alone.
func quoted(t *testing.T, report string) string {
	t.Helper()
	document := strings.Split(string(file(t, "../../openapi.yaml")), "\n")
	return place.ReplaceAllStringFunc(report, func(at string) string {
		m := place.FindStringSubmatch(at)
		line, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		column, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		return "openapi.yaml: " + document[line-1][column-1:]
	})
}

// TestCases runs testdata/GROUP/*.txtar. A group has one document, spec.yaml, or ours if there is none; a file is one exchange
// and what is to be said of it, by admit and by the full engine alone. The exchange is a method and URL, a status, headers, an
// empty line and the body.
func TestCases(t *testing.T) {
	t.Parallel()
	groups, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	require.NotEmpty(t, groups)
	for _, group := range groups {
		if group == "testdata/fuzz" || group == "testdata/coverage" {
			continue
		}
		admitting, full := document(t, group), document(t, group, contract.EngineOnly())
		paths, err := filepath.Glob(filepath.Join(group, "*.txtar"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			t.Run(strings.TrimSuffix(strings.TrimPrefix(path, "testdata/"), ".txtar"), func(t *testing.T) {
				t.Parallel()
				runCase(t, path, admitting, full)
			})
		}
	}
}

// document is the contract of a group.
func document(t *testing.T, group string, opts ...contract.Option) *contract.Contract {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(group, "spec.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return ours(t, opts...)
	}
	require.NoError(t, err)
	c, err := contract.Load("spec.yaml", data, opts...)
	require.NoError(t, err)
	return c
}

func runCase(t *testing.T, path string, admitting, full *contract.Contract) {
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	require.Len(t, archive.Files, 2)
	require.Equal(t, "exchange", archive.Files[0].Name)
	require.Equal(t, "want", archive.Files[1].Name)
	x := exchange(t, archive.Files[0].Data)
	got := quoted(t, lines(admitting.Check(x)))
	require.Equal(t, quoted(t, lines(full.Check(x))), got, "the full engine says something else")
	if *update {
		archive.Files[1].Data = []byte(got)
		require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
	}
	require.Equal(t, string(archive.Files[1].Data), got)
}

func exchange(t testing.TB, data []byte) contract.Exchange {
	t.Helper()
	head, body, _ := bytes.Cut(data, []byte("\n\n"))
	x := contract.Exchange{Header: http.Header{}, Body: bytes.TrimSuffix(body, []byte("\n"))}
	scan := bufio.NewScanner(bytes.NewReader(head))
	for n := 0; scan.Scan(); n++ {
		switch line := scan.Text(); n {
		case 0:
			method, where, _ := strings.Cut(line, " ")
			u, err := url.Parse(where)
			require.NoError(t, err)
			x.Method, x.URL = method, u
		case 1:
			status, err := strconv.Atoi(line)
			require.NoError(t, err)
			x.Status = status
		default:
			name, value, _ := strings.Cut(line, ": ")
			x.Header.Add(name, value)
		}
	}
	return x
}
