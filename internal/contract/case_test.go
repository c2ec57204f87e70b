package contract_test

import (
	"bufio"
	"bytes"
	"flag"
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
	data, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := contract.Load("openapi.yaml", data, opts...)
	require.NoError(t, err)
	return c
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
	data, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	document := strings.Split(string(data), "\n")
	return place.ReplaceAllStringFunc(report, func(at string) string {
		m := place.FindStringSubmatch(at)
		line, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		column, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		return "openapi.yaml: " + document[line-1][column-1:]
	})
}

// TestCases runs testdata/*.txtar. A file is one document, spec.yaml (ours if there is none), and exchanges: NAME.http is a
// method and URL, a status, headers, an empty line and the body; NAME.want the verdict and the findings.
func TestCases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			runArchive(t, archive)
			if *update {
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
			}
		})
	}
}

func runArchive(t *testing.T, archive *txtar.Archive) {
	c := ours(t)
	for i := range archive.Files {
		f := &archive.Files[i]
		if f.Name == "spec.yaml" {
			var err error
			c, err = contract.Load(f.Name, f.Data)
			require.NoError(t, err)
		}
		name, isCase := strings.CutSuffix(f.Name, ".http")
		if !isCase {
			continue
		}
		want := &archive.Files[i+1]
		require.Equal(t, name+".want", want.Name)
		t.Run(name, func(t *testing.T) {
			got := quoted(t, lines(c.Check(exchange(t, f.Data))))
			if *update {
				want.Data = []byte(got)
			}
			require.Equal(t, string(want.Data), got)
		})
	}
}

func exchange(t *testing.T, data []byte) contract.Exchange {
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
