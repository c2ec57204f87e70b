package roughy_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/roughy-go/roughy"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestNewClientRefusesKeys(t *testing.T) {
	for name, bad := range map[string]string{
		"none":                         "",
		"a space":                      "sk_tOpSeCrEt more",
		"a line break":                 "sk_tOpSeCrEt\n",
		"a header of its own":          "sk_tOpSeCrEt\r\nX-Evil: 1",
		"a control character":          "sk_tOpSeCrEt\x00",
		"a letter of another alphabet": "sk_tOpSeCrEtä",
		"a megabyte":                   "sk_tOpSeCrEt" + strings.Repeat("a", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ROUGHY_API_KEY", "")
			_, err := roughy.NewClient(bad)
			noSecrets(t, err)
			require.Less(t, len(err.Error()), 120)
			if bad != "" {
				t.Setenv("ROUGHY_API_KEY", strings.ReplaceAll(bad, "\x00", "\x01")) // no environment holds a zero
				_, err = roughy.NewClient("")
				noSecrets(t, err)
				require.Contains(t, err.Error(), "ROUGHY_API_KEY")
			}
		})
	}
}

func TestNewClientRefusesBaseURLs(t *testing.T) {
	t.Setenv("ROUGHY_BASE_URL", "")
	for name, bad := range map[string]string{
		"http over a network":    "http://api.roughy.ai",
		"no scheme":              "api.roughy.ai",
		"no host":                "https://",
		"a port alone":           "https://:443",
		"another scheme":         "ftp://api.roughy.ai",
		"a user":                 "https://me:tOpSeCrEt@api.roughy.ai",
		"a query":                "https://api.roughy.ai?a=tOpSeCrEt",
		"a fragment":             "https://api.roughy.ai#a",
		"no URL":                 "https://me:tOpSeCrEt@[",
		"a name like loopback":   "http://localhost.example",
		"a number like loopback": "http://127.example",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := roughy.NewClient(key, roughy.WithBaseURL(bad))
			noSecrets(t, err)
		})
	}
	for _, good := range []string{"", "https://host", "https://host/", "https://host:8443/roughy/", "http://127.0.0.1:1", "http://[::1]", "http://localhost:1"} {
		_, err := roughy.NewClient(key, roughy.WithBaseURL(good))
		require.NoError(t, err, good)
	}
}

func TestBaseURLErrorsSayWhatToWrite(t *testing.T) {
	t.Setenv("ROUGHY_BASE_URL", "")
	for bad, want := range map[string]string{
		"127.0.0.1:8080":                 "base URL: no scheme: want http://127.0.0.1:8080 (or https://HOST)",
		"localhost:8080/roughy":          "base URL: no scheme: want http://localhost:8080 (or https://HOST)",
		"[::1]:8080":                     "base URL: no scheme: want http://[::1]:8080 (or https://HOST)",
		"me:tOpSeCrEt@127.0.0.1:8080":    "base URL: no scheme: want http://127.0.0.1:8080 (or https://HOST)",
		"127.0.0.1:tOpSeCrEt":            "base URL: no scheme: want https://HOST",
		"tOpSeCrEt":                      "base URL: no scheme: want https://HOST",
		"me:tOpSeCrEt@api.roughy.ai":     "base URL: no scheme: want https://HOST",
		"https://api.roughy.ai/v1":       "base URL: it ends in /v1: want the part before /v1",
		"http://127.0.0.1:1/roughy/v1//": "base URL: it ends in /v1: want the part before /v1",
	} {
		_, err := roughy.NewClient(key, roughy.WithBaseURL(bad))
		noSecrets(t, err)
		require.EqualError(t, err, want, bad)
		t.Setenv("ROUGHY_BASE_URL", bad)
		_, err = roughy.NewClient(key)
		require.EqualError(t, err, "ROUGHY_"+strings.Replace(want, "base URL", "BASE_URL", 1), bad)
	}
	for _, good := range []string{"https://host/v1beta", "https://host/v1/proxy", "https://v1"} {
		_, err := roughy.NewClient(key, roughy.WithBaseURL(good))
		require.NoError(t, err, good)
	}
}

func TestNewClientRefusesOptions(t *testing.T) {
	for name, bad := range map[string]roughy.Option{
		"no first pause":               roughy.WithPolling(0, time.Second),
		"a last pause below the first": roughy.WithPolling(time.Second, time.Millisecond),
		"an unknown mode":              roughy.WithMode(7),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := roughy.NewClient(key, bad)
			require.Error(t, err)
		})
	}
}

func TestClientFromTheEnvironment(t *testing.T) {
	url, seen := serve(t, answer(200, render("pending", nil)))
	t.Setenv("ROUGHY_API_KEY", key)
	t.Setenv("ROUGHY_BASE_URL", url)
	c, err := roughy.NewClient("")
	require.NoError(t, err)
	_, err = c.Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "Bearer "+key, seen.received()[0].Header.Get("Authorization"))
	require.Equal(t, "/v1/renders/"+id.String(), seen.received()[0].URL.Path)
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestClientPrintsNoKey(t *testing.T) {
	c, err := roughy.NewClient(key)
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "client", c)
	for _, text := range []string{fmt.Sprintf("%+v %#v %v %s %+v", c, c, c, c, struct{ c *roughy.Client }{c}), fmt.Sprintf("%+v", *c), log.String()} {
		require.NotContains(t, text, "tOpSeCrEt")
	}
	require.Equal(t, "roughy client of https://api.roughy.ai", c.String())
}

func TestRenderReadsEveryState(t *testing.T) {
	t.Parallel()
	for _, state := range []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateCompleted, roughy.StateFailed} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, answer(200, render(string(state), nil)))
			var told reports
			r, err := client(t, url, told.option()).Render(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, id, r.ID)
			require.Equal(t, state, r.State)
			require.Equal(t, state == roughy.StateFailed, r.Failure != nil)
			require.Equal(t, state == roughy.StateCompleted, r.DownloadURL != "")
			require.Equal(t, 29.97, *r.Output.FrameRate)
			require.Len(t, told.all, 1)
			require.Equal(t, roughy.OK, told.all[0].Verdict, told.all[0])
		})
	}
}

func TestRenderWithholdsWhatBreaksTheContract(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, rule string
	}{
		{"an unknown state", render("cancelled", nil), "schema.enum /state"},
		{"a missing member", `{}`, "schema.required /asset_id"},
		{"another render", render("pending", members{"id": uuid.Max}), "lifecycle.id /id"},
		{"a link too early", render("pending", members{"download_url": "https://h/?X-Sig=1"}), "lifecycle.link-early /download_url"},
		{"a bitrate that no int holds", render("pending", members{"output": members{"video_bitrate": 1e30}}), "model.range /output/video_bitrate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, answer(200, tt.body))
			var told reports
			_, err := client(t, url, told.option()).Render(t.Context(), id)
			noSecrets(t, err)
			require.ErrorIs(t, err, roughy.ErrContract)
			broke, ok := errors.AsType[*roughy.ContractError](err)
			require.True(t, ok)
			require.Equal(t, told.all, []roughy.Report{broke.Report})
			require.Contains(t, strings.Join(told.rules(), "\n"), tt.rule)
		})
	}
}

func TestReportModeHandsOnWhatDecodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, rule string
		check            func(*testing.T, *roughy.Render)
	}{
		{"an unknown state", render("cancelled", nil), "schema.enum /state", func(t *testing.T, r *roughy.Render) {
			require.Equal(t, roughy.State("cancelled"), r.State)
			require.False(t, r.State.Terminal())
		}},
		{"a size of another type", render("completed", members{"size_bytes": "big"}), "schema.type /size_bytes", func(t *testing.T, r *roughy.Render) {
			require.Nil(t, r.SizeBytes)
			require.Equal(t, roughy.StateCompleted, r.State)
		}},
		{"an output of another type", render("pending", members{"output": []int{1}}), "schema.type /output", func(t *testing.T, r *roughy.Render) {
			require.Equal(t, roughy.StatePending, r.State)
		}},
		{"a member twice", strings.Replace(render("pending", nil), `{`, `{"state":"failed",`, 1), "json-duplicate /state", func(t *testing.T, r *roughy.Render) {
			require.Equal(t, id, r.ID)
		}},
		{"bytes after the end", render("pending", nil) + "{}", "json-syntax ", func(t *testing.T, r *roughy.Render) {
			require.Equal(t, roughy.StatePending, r.State)
		}},
		{"a bitrate that no int holds", render("pending", members{"output": members{"video_bitrate": 1e30, "audio_bitrate": 1}}), "model.range /output/video_bitrate", func(t *testing.T, r *roughy.Render) {
			require.Nil(t, r.Output.VideoBitrate)
			require.Equal(t, 1, *r.Output.AudioBitrate)
		}},
		{"another render", render("pending", members{"id": uuid.Max}), "lifecycle.id /id", func(t *testing.T, r *roughy.Render) {
			require.Equal(t, uuid.Max, r.ID)
		}},
		{"names in other letters", strings.Replace(render("pending", nil), `"state"`, `"STATE"`, 1), "schema.required /state", func(t *testing.T, r *roughy.Render) {
			require.Empty(t, r.State)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, answer(200, tt.body))
			var told reports
			r, err := client(t, url, told.option(), roughy.WithMode(roughy.ReportOnly)).Render(t.Context(), id)
			require.NoError(t, err)
			tt.check(t, r)
			require.Contains(t, strings.Join(told.rules(), "\n")+"\n", tt.rule)
		})
	}
}

func TestNothingIsMadeUpFromABodyThatIsNoRender(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "<html>"} {
		for _, mode := range []roughy.Mode{roughy.ReportOnly, roughy.Off, roughy.Enforce} {
			url, _ := serve(t, answer(200, body))
			r, err := client(t, url, roughy.WithMode(mode)).Render(t.Context(), id)
			require.Error(t, err, "%q in mode %d", body, mode)
			require.Nil(t, r)
			require.Equal(t, mode != roughy.Off, errors.Is(err, roughy.ErrContract), err)
		}
	}
}

func TestOffJudgesNothing(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, render("cancelled", members{"id": uuid.Max, "cut_id": nil})))
	var told reports
	r, err := client(t, url, told.option(), roughy.WithMode(roughy.Off)).Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, roughy.State("cancelled"), r.State)
	require.Empty(t, told.all)

	url, _ = serve(t, answer(200, render("pending", members{"size_bytes": "big"})))
	_, err = client(t, url, roughy.WithMode(roughy.Off)).Render(t.Context(), id)
	require.ErrorContains(t, err, "model.type at /size_bytes")
}

func TestClientReadsEncodedAnswers(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, pack(t, render("pending", nil)), "Content-Encoding", "gzip"))
	for _, disabled := range []bool{false, true} {
		transport := &http.Transport{DisableCompression: disabled}
		defer transport.CloseIdleConnections()
		r, err := client(t, url, roughy.WithHTTPClient(&http.Client{Transport: transport})).Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.StatePending, r.State)
	}
	url, _ = serve(t, answer(200, "x", "Content-Encoding", "compress"))
	_, err := client(t, url).Render(t.Context(), id)
	require.ErrorIs(t, err, roughy.ErrContract)
}

func pack(t *testing.T, text string) string {
	t.Helper()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return zipped.String()
}

func TestClientRefusesEndlessAnswers(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, strings.Repeat(" ", 10<<20)+render("pending", nil)))
	_, err := client(t, url).Render(t.Context(), id)
	require.ErrorIs(t, err, roughy.ErrContract)
	require.ErrorContains(t, err, "unchecked.cap")
	for _, mode := range []roughy.Mode{roughy.ReportOnly, roughy.Off} {
		_, err = client(t, url, roughy.WithMode(mode)).Render(t.Context(), id)
		require.ErrorContains(t, err, "answer_too_long")
	}
}

func TestClientBehindAPath(t *testing.T) {
	t.Parallel()
	url, seen := serve(t, answer(200, render("pending", nil)))
	_, err := client(t, url+"/gateway/roughy/").Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "/gateway/roughy/v1/renders/"+id.String(), seen.received()[0].URL.Path)
}

func TestClientEndsWithItsContext(t *testing.T) {
	t.Parallel()
	arrived, stop := make(chan struct{}), make(chan struct{})
	url, _ := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}))
	defer close(stop)
	c := client(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := c.Render(ctx, id)
	require.ErrorIs(t, err, context.Canceled)
	_, err = c.Render(ctx, id)
	require.ErrorIs(t, err, context.Canceled, "before it began")
}
