package traffic_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/traffic"
)

// What encoding/json takes for a HAR is read to the same entries, and what it refuses is refused.
func FuzzHAR(f *testing.F) {
	f.Add(manyRenders(3))
	for _, response := range []string{`"status":200,"content":{"text":"\u00e9\ud83d\ude00\\\"\/\b\f\n\r\t"}`, `"status":1e2`, `"status":204,"status":205,"content":null`,
		`"status":200,"headers":[{"name":"a","value":"b"},{"name":"A"}],"content":{"text":"eA==","encoding":"base64"}`} {
		f.Add([]byte(har(`{"request":{"method":"GET","url":"/a"},"response":{` + response + `}}`)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := traffic.Open("-", bytes.NewReader(data), traffic.HAR)
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		got, err := all(r)
		want, wantErr := witness(data)
		if bytes.HasPrefix(data, []byte("\x1f\x8b")) || err != nil && strings.Contains(err.Error(), "twice") {
			return // the witness knows neither
		}
		require.Equal(t, wantErr == nil, err == nil, "%v, %v", wantErr, err)
		require.Equal(t, got, dripped(t, data), "byte by byte")
		if err != nil {
			return
		}
		for _, e := range got {
			require.LessOrEqual(t, e.Number, len(want))
			w := want[e.Number-1]
			if e.Problem == "" {
				require.Equal(t, w.method, e.Method)
				require.Equal(t, w.status, float64(e.Status))
				if !w.encoded {
					require.Equal(t, replaced(w.text), replaced(string(e.Body)))
				}
			}
		}
	})
}

// dripped are the entries where nothing that is read lies in the window as a whole.
func dripped(t *testing.T, data []byte) []traffic.Entry {
	r, err := traffic.Open("-", drip{bytes.NewReader(data)}, traffic.HAR)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	out, _ := all(r)
	return out
}

// recorded is an entry as encoding/json reads it.
type recorded struct {
	method, text string
	status       float64
	encoded      bool
}

func witness(data []byte) (out []recorded, err error) {
	var document any
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &document); err != nil {
		return nil, err
	}
	entries, ok := member(member(document, "log"), "entries").([]any)
	if !ok {
		return nil, errNoEntries
	}
	for _, e := range entries {
		r := recorded{}
		r.method, _ = member(member(e, "request"), "method").(string)
		r.status, _ = member(member(e, "response"), "status").(float64)
		content := member(member(e, "response"), "content")
		r.text, _ = member(content, "text").(string)
		encoding, _ := member(content, "encoding").(string)
		r.encoded = strings.EqualFold(encoding, "base64")
		out = append(out, r)
	}
	return out, nil
}

var errNoEntries = &json.SyntaxError{}

func member(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

// replaced has one sign for what is no UTF-8, of which encoding/json and we make different things.
func replaced(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	for strings.Contains(text, "\uFFFD\uFFFD") {
		text = strings.ReplaceAll(text, "\uFFFD\uFFFD", "\uFFFD")
	}
	return text
}

// Whatever comes, reading lines ends, and entries have what others rely on.
func FuzzNDJSON(f *testing.F) {
	f.Add([]byte(`{"method":"GET","url":"/a","status":200,"headers":{"A":["b"]},"body":{"a":[1,"\u00e9"]}}` + "\n\n" + `{"url":"/","error":"x"}`))
	f.Add([]byte(`{"url":"/","body_base64":"eA==","status":200}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := traffic.Open("-", bytes.NewReader(data), traffic.NDJSON)
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		entries, err := all(r)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "stdin: "), err.Error())
		}
		for _, e := range entries {
			require.NotNil(t, e.URL)
			require.NotNil(t, e.Header)
			require.Equal(t, e.Problem == "", e.Status != 0)
		}
	})
}
