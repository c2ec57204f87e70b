package contract_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/contract/contracttest"
)

// bodies calls add with the body of every unit case.
func bodies(f *testing.F, add func(x contract.Exchange)) {
	f.Helper()
	paths, err := filepath.Glob("testdata/*/*.txtar")
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		require.NoError(f, err)
		for _, file := range archive.Files {
			if file.Name == "exchange" {
				add(exchange(f, file.Data))
			}
		}
	}
}

// Whatever comes, it is judged, shown and counted without a fault of ours.
func FuzzCheckNeverPanics(f *testing.F) {
	c := ours(f, contract.ShowValues())
	v := c.Coverage()
	bodies(f, func(x contract.Exchange) {
		f.Add(x.Method, x.URL.String(), x.Status, x.Header.Get("Content-Type"), x.Header.Get("Content-Encoding"), x.Header.Get("Content-Length"), x.Body)
	})
	f.Add("HEAD", "/v1/renders/x", 404, "text/html;charset=x", "gzip, br", "-1", []byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, method, url string, status int, contentType, encoding, length string, body []byte) {
		x := answer("")
		if u, err := x.URL.Parse(url); err == nil {
			x.URL = u
		}
		x.Method, x.Status, x.Body = method, status, body
		for name, value := range map[string]string{"Content-Type": contentType, "Content-Encoding": encoding, "Content-Length": length} {
			if value != "" {
				x.Header.Set(name, value)
			}
		}
		report, plain := c.Judge(x)
		for _, finding := range report.Findings {
			require.NotEqual(t, "unchecked.internal", finding.Rule)
		}
		v.Add(x, plain)
	})
}

// Whatever the schema and the bytes, what admit says the full engine would say.
func FuzzAdmitNeverContradicts(f *testing.F) {
	const most = 500 // documents, which take longer to load than an answer to judge
	type pair struct {
		admitting, full *contract.Contract
		coverage        *contract.Coverage
	}
	pairs := map[uint64]pair{}
	bodies(f, func(x contract.Exchange) { f.Add(uint64(len(x.Body)), x.Body) })
	for seed := range uint64(most / 5) {
		f.Add(seed, contracttest.New(seed).Body())
	}
	f.Fuzz(func(t *testing.T, seed uint64, body []byte) {
		seed %= most
		p, known := pairs[seed]
		if !known {
			d := contracttest.New(seed)
			p = pair{load(t, d.Text, contract.ShowValues()), load(t, d.Text, contract.ShowValues(), contract.EngineOnly()), nil}
			p.coverage = p.full.Coverage()
			pairs[seed] = p
		}
		x := contracttest.Answer(body)
		require.Equal(t, lines(p.full.Check(x)), lines(p.admitting.Check(x)))
		p.coverage.Add(x, body)
	})
}

func load(t *testing.T, document []byte, opts ...contract.Option) *contract.Contract {
	t.Helper()
	c, err := contract.Load("made.json", document, opts...)
	require.NoError(t, err)
	return c
}

// Whatever is called a document, Load ends, and has one line to say if it refuses it.
func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/spec.yaml")
	require.NoError(f, err)
	for _, path := range append(paths, "../../openapi.yaml") {
		f.Add(file(f, path))
	}
	for seed := range uint64(50) {
		f.Add(contracttest.New(seed).Text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := contract.Load("any.yaml", data, contract.AnyHost())
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "any.yaml:"), err.Error())
			require.NotContains(t, err.Error(), "\n")
			return
		}
		for _, finding := range c.Check(answer(render)).Findings {
			require.NotEqual(t, "unchecked.internal", finding.Rule)
		}
	})
}
