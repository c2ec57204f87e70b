package decode_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
)

// body is a render with one member spelled as given; "" leaves it out.
func body(name, written string) string {
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(`{"id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","asset_id":"0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f","cut_id":null,
		"state":"completed","output":{"format":"mp4"},"size_bytes":123,"error_code":null,"error_message":null,
		"created_at":"2026-10-31T09:15:00Z","started_at":null,"completed_at":null}`), &members) // a constant that parses
	delete(members, name)
	rest, _ := json.Marshal(members)
	if written == "" {
		return string(rest)
	}
	return strings.TrimSuffix(string(rest), "}") + `,"` + name + `":` + written + "}"
}

func TestNamesAreExact(t *testing.T) {
	t.Parallel()
	r, findings := decode.Render([]byte(strings.NewReplacer(`"state"`, `"STATE":"failed","state"`, `"cut_id"`, `"\u0063ut_id"`).Replace(
		body("cut_id", ` "0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f" `))))
	require.Empty(t, findings)
	require.Equal(t, gen.RenderStateCompleted, r.State)
	require.Equal(t, r.AssetID, *r.CutID)
}

func TestTextIsUnescaped(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{`"a"`: "a", `""`: "", `"a\u0026b"`: "a&b", `"\ud83d\ude00"`: "😀", `"\\\/\n"`: "\\/\n", `"é"`: "é"} {
		r, findings := decode.Render([]byte(body("download_url", written)))
		require.Empty(t, findings)
		require.Equal(t, want, *r.DownloadURL)
	}
}

// Bitrates have no format: the document allows more than an int holds.
func TestWhatTheModelCannotHoldIsSaid(t *testing.T) {
	t.Parallel()
	r, findings := decode.Render([]byte(body("output", `{"video_bitrate":1e30,"audio_bitrate":192e3,"format":null}`)))
	require.Equal(t, []contract.Finding{{Rule: decode.RuleRange, Severity: contract.Unchecked, Layer: contract.LayerBody,
		Pointer: "/output/video_bitrate", Expected: "a number that the model can hold", Got: "a number beyond it"}}, findings)
	require.Nil(t, r.Output.VideoBitrate)
	require.Equal(t, 192_000, *r.Output.AudioBitrate)
}

func TestSalvageLosesNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	whole := body("x", "1")
	for name, c := range map[string]struct {
		body     string
		findings []string
		state    gen.RenderState
	}{
		"a byte order mark":          {"\xef\xbb\xbf" + whole, nil, "completed"},
		"bytes after the value":      {whole + " {}", nil, "completed"},
		"a name twice":               {strings.Replace(whole, `"state"`, `"state":"failed","state"`, 1), nil, "completed"},
		"a name twice, the last bad": {strings.Replace(whole, `"state":"completed"`, `"state":"completed","state":1`, 1), []string{"/state"}, ""},
		"letters that are none":      {strings.Replace(whole, `"completed"`, "\"\xff\xfe\"", 1), nil, "��"},
		"half of a surrogate pair":   {strings.Replace(whole, `"completed"`, `"\ud800"`, 1), nil, "�"},
		"members of other types":     {strings.NewReplacer(`"mp4"`, "4", "null", "7", "123", `"1"`, `"completed"`, "null").Replace(whole), []string{"/completed_at", "/cut_id", "/error_code", "/error_message", "/output/format", "/size_bytes", "/started_at", "/state"}, ""},
		"an output that is none":     {body("output", "[]"), []string{"/output"}, "completed"},
		"a render of nothing":        {"{}", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, findings, ok := decode.Salvage([]byte(c.body))
			require.True(t, ok)
			var pointers []string
			for _, f := range findings {
				require.Equal(t, decode.RuleType, f.Rule)
				pointers = append(pointers, f.Pointer)
			}
			require.ElementsMatch(t, c.findings, pointers)
			require.Equal(t, c.state, r.State)
		})
	}
	for _, none := range []string{"", "[]", "null", `"a"`, "{", "<html>", "{\"a\":}"} {
		_, _, ok := decode.Salvage([]byte(none))
		require.False(t, ok, none)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	p := decode.Problem([]byte(`{"error":{"code":"validation_error","message":"no","fields":[{"field":"path.id","message":"none"}]}}`))
	require.Equal(t, "validation_error", p.Code)
	require.Equal(t, []gen.FieldError{{Field: "path.id", Message: "none"}}, *p.Fields)
	require.Empty(t, decode.Problem([]byte("<html>")).Code)
}
