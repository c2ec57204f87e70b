package roughy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// readMember reads a completed render whose one member is spelled as given.
func readMember(t *testing.T, name, value string) (*roughy.Render, error) {
	t.Helper()
	url, _ := serve(t, answer(200, render("completed", members{name: json.RawMessage(value)})))
	return client(t, url).Render(t.Context(), id)
}

func TestWhatIsValidDecodesToWhatWasJudged(t *testing.T) {
	t.Parallel()
	for spelled, want := range map[string]int64{
		"0": 0, "-0": 0, "0.0": 0, "0e999": 0, "1": 1, "1.0": 1, "1.50e1": 15, "10e-1": 1, "1e3": 1000, "1E+3": 1000, "-2.5e1": -25,
		"120.00": 120, "0.001e3": 1, "1000000000000000000000e-3": 1e18,
		"9007199254740993": 9007199254740993, "9223372036854775807": 9223372036854775807, "9223372036854775807.000": 9223372036854775807,
		"-9223372036854775808": -9223372036854775808, "922337203685477580.7e1": 9223372036854775807,
	} {
		t.Run("size_bytes "+spelled, func(t *testing.T) {
			t.Parallel()
			r, err := readMember(t, "size_bytes", spelled)
			require.NoError(t, err)
			require.Equal(t, want, *r.SizeBytes)
		})
	}
	for spelled, want := range map[string]string{
		`"2026-10-31T09:15:42Z"`:                "2026-10-31T09:15:42Z",
		`"2026-10-31t09:15:42z"`:                "2026-10-31T09:15:42Z",
		`"2026-10-31T10:15:42.123456789+01:00"`: "2026-10-31T09:15:42.123456789Z",
		`"2026-10-31T09:15:42.1234567891Z"`:     "2026-10-31T09:15:42.123456789Z",
		`"2026-10-31T09:15:42-00:00"`:           "2026-10-31T09:15:42Z",
		`"2026-12-31T23:59:60Z"`:                "2027-01-01T00:00:00Z",
		`"2026-12-31T23:59:60.75Z"`:             "2027-01-01T00:00:00Z",
		`"2026-12-31T15:59:60-08:00"`:           "2027-01-01T00:00:00Z",
		`"9999-12-31T23:59:59.999999999Z"`:      "9999-12-31T23:59:59.999999999Z",
		`"9999-12-31T23:59:59-01:00"`:           "9999-12-31T23:59:59-01:00",
		`"9999-12-31T23:59:59.5-23:59"`:         "9999-12-31T23:59:59.5-23:59",
		`"9999-12-31T15:59:60-08:00"`:           "9999-12-31T16:00:00-08:00",
		`"9999-12-31T23:59:60Z"`:                "9999-12-31T23:00:00-01:00",
		`"9999-12-31T23:59:60+00:00"`:           "9999-12-31T23:00:00-01:00",
		`"0000-01-01T00:59:59+01:00"`:           "0000-01-01T00:59:59+01:00",
		`"0000-01-01T00:00:00Z"`:                "0000-01-01T00:00:00Z",
		`"2026-10-31T09:15:42\u005a"`:           "2026-10-31T09:15:42Z",
	} {
		t.Run("completed_at "+spelled, func(t *testing.T) {
			t.Parallel()
			r, err := readMember(t, "completed_at", spelled)
			require.NoError(t, err)
			require.Equal(t, want, r.CompletedAt.Format(time.RFC3339Nano))
			printed, err := json.Marshal(r.Gen())
			require.NoError(t, err)
			require.Contains(t, string(printed), `"completed_at":"`+want+`"`)
		})
	}
	for _, spelled := range []string{`{"frame_rate":120}`, `{"frame_rate":1.2e2}`, `{"frame_rate":120.0,"new":[1e999]}`} {
		t.Run("output "+spelled, func(t *testing.T) {
			t.Parallel()
			r, err := readMember(t, "output", spelled)
			require.NoError(t, err)
			require.Equal(t, 120.0, *r.Output.FrameRate)
		})
	}
}

func TestWhatIsNotValidIsNotRounded(t *testing.T) {
	t.Parallel()
	for _, bad := range []struct{ name, value string }{
		{"size_bytes", "1.5"}, {"size_bytes", "1e-1"}, {"size_bytes", "9223372036854775808"}, {"size_bytes", "1e19"},
		{"size_bytes", "1e999999999"}, {"size_bytes", "1e-999999999"}, {"size_bytes", `"5"`}, {"size_bytes", "true"},
		{"completed_at", `"2026-10-31"`}, {"completed_at", `"2026-02-30T00:00:00Z"`}, {"completed_at", "5"},
		{"output", `{"video_bitrate":9223372036854775808}`}, {"output", `{"audio_bitrate":1e400}`}, {"output", `{"frame_rate":1e400}`},
	} {
		t.Run(bad.name+" "+bad.value, func(t *testing.T) {
			t.Parallel()
			_, err := readMember(t, bad.name, bad.value)
			require.ErrorIs(t, err, roughy.ErrContract)
			require.NotContains(t, err.Error(), "2026")
		})
	}
}
