package decode_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
)

// What is valid decodes, to the value that was judged: the one that another reader of JSON finds in the same bytes.
func FuzzValidDecodesToTheSameValue(f *testing.F) {
	c, err := contract.Load("openapi.yaml", roughy.Spec())
	require.NoError(f, err)
	u, err := url.Parse("https://api.roughy.ai/v1/renders/x")
	require.NoError(f, err)
	for name, seeds := range map[string][]string{
		"size_bytes": {"1.0e3", "-9223372036854775808", "0e99", "null"}, "created_at": {`"0000-01-01T00:00:00.1234567899+23:59"`},
		"started_at": {`"2016-12-31t15:59:60.75-08:00"`, "null"}, "completed_at": {`"9999-12-31T23:59:60Z"`},
		"output": {`{"frame_rate":29.97e0,"video_bitrate":5e6,"audio_bitrate":1e30,"resolution":"4k"}`, "{}"},
		"cut_id": {`"0192F0C1-7A3E-7C52-9B1D-5F0E6A7C8D90"`}, "download_url": {`"https:\/\/a.example\/\ud83d\ude00?b\u0026c"`},
		"error_message": {`""`}, "state": {`"f\u0061iled"`}, "new": {`{"state":1}`},
	} {
		for _, written := range seeds {
			f.Add(name, written)
		}
	}
	f.Fuzz(func(t *testing.T, name, written string) {
		data := []byte(body(name, written))
		report, judged := c.Judge(contract.Exchange{Method: http.MethodGet, URL: u, Status: http.StatusOK, Body: data,
			Header: http.Header{"Content-Type": {"application/json"}}})
		if report.Verdict > contract.Warning {
			return
		}
		r, findings := decode.Render(judged)
		for _, finding := range findings { // bitrates have no format, and no bounds
			require.Equal(t, decode.RuleRange, finding.Rule)
			require.Contains(t, finding.Pointer, "_bitrate")
		}
		requireSame(t, data, r)
	})
}

// requireSame holds a render to what encoding/json finds in the bytes, which it is not to match names by its own rules for.
func requireSame(t *testing.T, data []byte, r gen.Render) {
	t.Helper()
	var want, output map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(t, d.Decode(&want))
	output, _ = want["output"].(map[string]any)
	for name, got := range map[string]*uuid.UUID{"id": &r.ID, "asset_id": &r.AssetID, "cut_id": r.CutID} {
		requireNull(t, want[name], got == nil, name)
		if got != nil {
			require.Equal(t, strings.ToLower(want[name].(string)), got.String(), name)
		}
	}
	for name, got := range map[string]*time.Time{"created_at": &r.CreatedAt, "started_at": r.StartedAt, "completed_at": r.CompletedAt} {
		requireNull(t, want[name], got == nil, name)
		if got != nil {
			require.Zero(t, instant(t, want[name].(string)).Cmp(sinceEpoch(*got)), "%s %s is %s", name, want[name], got)
		}
	}
	for name, got := range map[string]*string{"state": (*string)(&r.State), "error_code": r.ErrorCode, "error_message": r.ErrorMessage, "download_url": r.DownloadURL} {
		requireNull(t, want[name], got == nil, name)
		if got != nil {
			require.Equal(t, want[name], *got, name)
		}
	}
	requireNull(t, want["size_bytes"], r.SizeBytes == nil, "size_bytes")
	if r.SizeBytes != nil {
		require.Zero(t, number(t, want["size_bytes"]).Cmp(new(big.Rat).SetInt64(*r.SizeBytes)))
	}
	if r.Output.FrameRate != nil {
		rate, err := want["output"].(map[string]any)["frame_rate"].(json.Number).Float64()
		require.NoError(t, err)
		require.Equal(t, rate, *r.Output.FrameRate)
	}
	requireNull(t, output["format"], r.Output.Format == nil, "format")
	requireNull(t, output["resolution"], r.Output.Resolution == nil, "resolution")
	for name, got := range map[string]*int{"video_bitrate": r.Output.VideoBitrate, "audio_bitrate": r.Output.AudioBitrate} {
		if got != nil {
			require.Zero(t, number(t, output[name]).Cmp(new(big.Rat).SetInt64(int64(*got))), name)
		}
	}
}

func requireNull(t *testing.T, want any, null bool, name string) {
	t.Helper()
	require.Equal(t, want == nil, null, name)
}

func number(t *testing.T, v any) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(v.(json.Number).String())
	require.True(t, ok)
	return r
}

// instant reads an RFC 3339 date-time by its fields, as the seconds since the epoch. A leap second is the first instant of the
// next one, and what comes after nine digits of a fraction is cut.
func instant(t *testing.T, text string) *big.Rat {
	t.Helper()
	upper := strings.ToUpper(text)
	leap := upper[17:19] == "60"
	if leap {
		upper = upper[:17] + "59" + upper[19:]
	}
	parsed, err := time.Parse(time.RFC3339, upper)
	require.NoError(t, err)
	if leap {
		parsed = parsed.Truncate(time.Second).Add(time.Second)
	}
	return sinceEpoch(parsed)
}

func sinceEpoch(t time.Time) *big.Rat {
	return new(big.Rat).Add(new(big.Rat).SetInt64(t.Unix()), big.NewRat(int64(t.Nanosecond()), 1e9))
}
