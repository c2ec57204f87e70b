package learn_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/racetest"
	"github.com/roughy-go/roughy/internal/spec/learn"
	"github.com/roughy-go/roughy/internal/traffic"
)

// Not parallel: it measures the process. The recording has 200 MB with ROUGHY_TEST_ALL=1, else, and under the race detector, 8. All that
// can pile up is in it: other renders, other values, other members, other words, other headers.
func TestARecordingOfAnySizeTakesLittleMemory(t *testing.T) {
	const most = 64 << 20
	size := 8 << 20
	if os.Getenv("ROUGHY_TEST_ALL") == "1" && !racetest.On {
		size = 200 << 20
	}
	l, err := learn.New("openapi.yaml", roughy.Spec(), learn.Options{})
	require.NoError(t, err)
	r, err := traffic.Open("-", &drifting{left: size}, traffic.HAR)
	require.NoError(t, err)
	defer r.Close()
	n, peak := 0, uint64(0)
	for e, err := range r.Entries() {
		require.NoError(t, err)
		l.Add(e)
		if n++; n%1000 == 0 {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			peak = max(peak, stats.Sys-stats.HeapReleased)
		}
	}
	out := l.Learned()
	t.Logf("%d answers, at most %d MiB", n, peak>>20)
	require.Less(t, peak, uint64(most))
	require.Equal(t, []string{"new field color of RenderOutput, object", "new header X-Request-Id of 200 of GET /v1/renders/{render_id}, string",
		"Render.size_bytes came as string"}, textsOf(out))
	require.Equal(t, 4096, out.Proposals[0].Evidence.Renders)
	require.True(t, out.Proposals[0].Evidence.MoreRenders)
	require.Zero(t, out.Forgotten)
	var rest []string
	for _, r := range out.Rest {
		rest = append(rest, r.Text)
	}
	require.Equal(t, []string{"new fields of Render", "new values of RenderState", "new headers of 200 of GET /v1/renders/{render_id}"}, rest)
}

// drifting is a HAR of many answers, each with other drifts.
type drifting struct {
	at, left int
	text     []byte
}

func (d *drifting) Read(p []byte) (int, error) {
	for len(d.text) == 0 {
		switch {
		case d.at == 0:
			d.text = []byte(`{"log":{"version":"1.2","entries":[`)
		case d.left > 0:
			d.text = []byte(d.entry() + ",")
		case d.left > -1<<30:
			d.text, d.left = []byte(d.entry()+"]}}"), -1<<30
		default:
			return 0, io.EOF
		}
		d.at++
	}
	n := copy(p, d.text)
	d.text, d.left = d.text[n:], d.left-n
	return n, nil
}

func (d *drifting) entry() string {
	i := d.at
	size := fmt.Sprint(i)
	if i%4 == 0 {
		size = `"1"`
	}
	body := fmt.Sprintf(`{"id":%q,"asset_id":%q,"cut_id":null,"state":"w%c%c%c","output":{"color":{"n":%d,"k%c%c%c":1}},"size_bytes":%s,"error_code":null,`+
		`"error_message":null,"created_at":"2026-10-31T09:15:00Z","started_at":null,"completed_at":null,"f%c%c%c":%d}`,
		id(i), id(i), letter(i), letter(i/26), letter(i/676), i, letter(i), letter(i/26), letter(i/676), size, letter(i), letter(i/26), letter(i/676), i)
	return fmt.Sprintf(`{"startedDateTime":"2026-11-01T10:00:00Z","request":{"method":"GET","url":"https://api.roughy.ai/v1/renders/%s"},`+
		`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"},{"name":"X-Request-Id","value":"r%d"},{"name":"X-Other-%c%c%c","value":"1"}],"content":{"size":1,"mimeType":"application/json","text":"%s"}}}`,
		id(i), i, letter(i), letter(i/26), letter(i/676), strings.ReplaceAll(body, `"`, `\"`))
}

func letter(i int) int { return 'a' + i%26 }
