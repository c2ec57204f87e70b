package traffic_test

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/racetest"
	"github.com/roughy-go/roughy/internal/traffic"
)

// Not parallel: it measures the process. The recordings have 1 GB with ROUGHY_TEST_ALL=1 and no race detector, else 64 MB.
func TestRecordingOfAnySizeTakesLittleMemory(t *testing.T) {
	const most = 64 << 20
	size := 64 << 20
	if os.Getenv("ROUGHY_TEST_ALL") == "1" && !racetest.On {
		size = 1 << 30
	}
	entry := func(text string) string {
		return `{"request":{"method":"GET","url":"` + renderURL + `"},"response":{"status":200,"content":{"size":1,"mimeType":"application/json","text":"` + text + `"}}}`
	}
	const video = `{"request":{"method":"GET","url":"` + renderURL + `"},"response":{"status":200,"content":{"size":1,"encoding":"base64","text":"`
	atTheCap := `[` + strings.Repeat(" ", contract.DefaultCap-2) + `]`
	c := ours(t)
	for _, x := range []struct{ name, before, again, after string }{
		{"many small bodies", `{"log":{"entries":[`, entry(strings.ReplaceAll(render(), `"`, `\"`)) + ",", entry("{}") + `]}}`},
		{"bodies at the cap", `{"log":{"entries":[`, entry(atTheCap) + ",", entry("{}") + `]}}`},
		{"one body", `{"log":{"entries":[` + video, strings.Repeat("AAAA", 1<<18), `"}}}]}}`},
		{"one member that nobody needs", `{"log":{"_x":[`, `{"a":"` + strings.Repeat("x", 1<<20) + `"},`, `1],"entries":[` + entry("{}") + `]}}`},
		{"one name", `{"log":{"`, strings.Repeat("x", 1<<20), `":1,"entries":[` + entry("{}") + `]}}`},
	} {
		debug.FreeOSMemory() // what an earlier recording took is not this one's
		m := &meter{Reader: io.MultiReader(strings.NewReader(x.before), &again{text: x.again, left: size / len(x.again)}, strings.NewReader(x.after))}
		r, err := traffic.Open("-", m, traffic.HAR)
		require.NoError(t, err)
		entries := 0
		for e, err := range r.Entries() {
			require.NoError(t, err, x.name)
			c.Check(e.Exchange)
			entries++
		}
		require.NoError(t, r.Close())
		require.Positive(t, entries, x.name)
		t.Logf("%s: %d entries, at most %d MiB", x.name, entries, m.most>>20)
		require.Less(t, m.most, uint64(most), x.name)
	}
}

// meter measures the memory of the process at each megabyte that is read.
type meter struct {
	io.Reader
	read int
	most uint64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	before := m.read >> 20
	if m.read += n; m.read>>20 != before {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		m.most = max(m.most, stats.Sys-stats.HeapReleased)
	}
	return n, err
}

// again is a text, as often as is left.
type again struct {
	text     string
	at, left int
}

func (a *again) Read(p []byte) (int, error) {
	if a.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, a.text[a.at:])
	if a.at += n; a.at == len(a.text) {
		a.at, a.left = 0, a.left-1
	}
	return n, nil
}
