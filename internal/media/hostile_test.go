package media_test

import (
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// manifests are files that lead ffmpeg to others: FILE stands for one on this machine, HOST for a server.
var manifests = map[string]string{
	"hls to a server":    "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nHOST/hls.ts\n#EXT-X-ENDLIST\n",
	"hls to a file":      "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://FILE\n#EXT-X-ENDLIST\n",
	"hls with a key":     "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI=\"HOST/key\"\n#EXTINF:2,\nconcat:HOST/a|FILE\n#EXT-X-ENDLIST\n",
	"hls of a playlist":  "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nHOST/more.m3u8\n",
	"concat of a file":   "ffconcat version 1.0\nfile FILE\n",
	"concat of a server": "ffconcat version 1.0\nfile HOST/clip.mp4\n",
	"dash": `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period>` +
		`<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>HOST/dash.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`,
	"svg":            `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64"><image xlink:href="HOST/p.png" width="64" height="64"/></svg>`,
	"sdp":            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
	"pls":            "[playlist]\nFile1=HOST/clip.mp4\n",
	"real reference": "RTSPtext\nHOST/clip.mp4\n",
}

func TestAManifestLeadsNowhere(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	var hits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		_, _ = w.Write(clip.MP4)
	}))
	t.Cleanup(server.Close)
	secret, dir := clipFile(t), t.TempDir()
	path := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(strings.NewReplacer("HOST", server.URL, "FILE", secret).Replace(text)), 0o600))
		return path
	}
	for name, text := range manifests {
		asked := task(t)
		asked.Input = path(name+".mp4", text)
		_, err := media.Probe(t.Context(), asked.Input)
		requireRefusal(t, err, media.CodeSourceInvalid)
		// The engine refuses it, too, whatever was probed: the file may have been another one then. What it is called does not matter.
		asked.Input = path(name+".m3u8", text)
		err = media.EncodeByFFmpeg(t.Context(), tool(t, "ffmpeg"), asked)
		requireRefusal(t, err, media.CodeEncodeFailed)
		require.NotContains(t, err.Error(), dir)
		require.NotContains(t, err.Error(), server.URL)
		require.NoFileExists(t, asked.Output)
	}
	require.Zero(t, hits.Load())
	ffmpeg(t, "-safe", "0", "-protocol_whitelist", "file,http,tcp", "-i", path("told.mp4", manifests["concat of a server"]), "-f", "null", "-")
	require.Positive(t, hits.Load(), "ffmpeg follows them where it may")
}

func TestAnMP4LeadsNoMoreThanItself(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	asked := task(t)
	secret := clipFile(t)
	require.NoError(t, os.WriteFile(asked.Input, pointing(t, secret), 0o600))
	require.Len(t, frames(t, asked.Input, "-enable_drefs", "1", "-use_absolute_path", "1"), 50, "ffmpeg follows it where it may")
	asked.Source = probe(t, asked.Input)
	err := media.EncodeByFFmpeg(t.Context(), tool(t, "ffmpeg"), asked)
	requireRefusal(t, err, media.CodeEncodeFailed)
	require.NotContains(t, err.Error(), secret)
}

// pointing is the clip with its media data left to another file (QuickTime's data references).
func pointing(t testing.TB, path string) []byte {
	t.Helper()
	alias := make([]byte, 154) // version and flags, then what is of no matter here
	alias = binary.BigEndian.AppendUint16(alias, 2)
	alias = binary.BigEndian.AppendUint16(alias, uint16(len(path)))
	alias = append(append(alias, path...), make([]byte, len(path)%2)...)
	alias = append(alias, 0xff, 0xff, 0, 0)
	references := newBox("dref", append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, newBox("alis", alias...)...)...)
	changed := replaced(clip.MP4, "dref", references)
	require.NotEqual(t, clip.MP4, changed)
	return changed
}

// replaced is a sequence of boxes with each one of a kind replaced, wherever it is. Media data comes to nothing.
func replaced(boxes []byte, kind string, by []byte) (out []byte) {
	for len(boxes) >= 8 {
		size := binary.BigEndian.Uint32(boxes)
		switch name := string(boxes[4:8]); name {
		case kind:
			out = append(out, by...)
		case "moov", "trak", "mdia", "minf", "dinf":
			out = append(out, newBox(name, replaced(boxes[8:size], kind, by)...)...)
		case "mdat":
			out = append(out, newBox(name)...)
		default:
			out = append(out, boxes[:size]...)
		}
		boxes = boxes[size:]
	}
	return out
}
