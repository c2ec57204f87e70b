package traffic_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/traffic"
)

// BenchmarkEntries reads 10,000 entries as a browser writes them, some 13 MB.
func BenchmarkEntries(b *testing.B) {
	text := manyRenders(10_000)
	name := filepath.Join(b.TempDir(), "many.har")
	require.NoError(b, os.WriteFile(name, text, 0o600))
	r, err := traffic.Open(name, nil, traffic.HAR)
	require.NoError(b, err)
	defer func() { require.NoError(b, r.Close()) }()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		count := 0
		for e, err := range r.Entries() {
			if err != nil {
				b.Fatal(err)
			}
			count += min(1, len(e.Body))
		}
		require.Equal(b, 10_000, count)
	}
}

// manyRenders is a HAR of reads of as many renders, in several states.
func manyRenders(n int) []byte {
	var out bytes.Buffer
	out.WriteString(`{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"pages":[],"entries":[`)
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		id := fmt.Sprintf("0192f0c1-7a3e-7c52-9b1d-%012x", i)
		at := time.Date(2026, 10, 1, 12, 0, i, i*1000, time.UTC)
		body := renderBody(id, at, i%3 == 0)
		fmt.Fprintf(&out, `{"startedDateTime":%q,"time":%d.25,"request":{"method":"GET","url":"https://api.roughy.ai/v1/renders/%s",`+
			`"httpVersion":"HTTP/2","cookies":[],"headers":[{"name":"accept","value":"application/json"},{"name":"user-agent","value":"bench/1"}],`+
			`"queryString":[],"headersSize":-1,"bodySize":0},"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/2","cookies":[],`+
			`"headers":[{"name":"content-type","value":"application/json"},{"name":"date","value":%q},{"name":"content-length","value":"%d"}],`+
			`"content":{"size":%d,"mimeType":"application/json","text":%s},"redirectURL":"","headersSize":-1,"bodySize":%d},`+
			`"cache":{},"timings":{"send":0.1,"wait":20.5,"receive":0.3}}`,
			at.Format(time.RFC3339Nano), 20+i%50, id, at.Format(time.RFC1123), len(body), len(body), quoted(body), len(body))
	}
	out.WriteString(`]}}`)
	return out.Bytes()
}

func renderBody(id string, at time.Time, completed bool) string {
	render := map[string]any{
		"id": id, "asset_id": id, "cut_id": nil, "state": "processing", "output": map[string]any{"format": "mp4", "resolution": "1080p", "frame_rate": 120},
		"size_bytes": nil, "error_code": nil, "error_message": nil, "created_at": at, "started_at": at.Add(time.Second), "completed_at": nil, "download_url": nil,
	}
	if completed {
		render["state"], render["size_bytes"], render["completed_at"] = "completed", 1048576, at.Add(time.Minute)
		render["download_url"] = "https://fly.storage.tigris.dev/renders/" + id + ".mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	}
	text, _ := json.Marshal(render)
	return string(text)
}

func quoted(text string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	return string(bytes.TrimSpace(out.Bytes()))
}
