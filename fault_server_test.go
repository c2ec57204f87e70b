package roughy_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// TestDownloadsFromTheServer are downloads from the reference server's own adapter and signed links, sound and broken.
func TestDownloadsFromTheServer(t *testing.T) {
	t.Parallel()
	video := bytes.Repeat([]byte(numbers(0)), 4000)
	for _, c := range []struct {
		name  string
		how   roughytest.Break // "": none
		code  string           // of the error; "" if there is none
		links int              // how often a link was asked for
	}{
		{"nothing wrong", "", "", 1},
		{"a link that breaks off once", roughytest.CutLink, "", 2},
		{"a link that is refused once", roughytest.RefusedLink, "", 2},
		{"links that have expired", roughytest.ExpiredLink, "link_expired", 4},
		{"an output that is shorter than promised", roughytest.WrongLength, "length_mismatch", 1},
		{"a completed render without a link", roughytest.MissingLink, "no_link", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := roughytest.NewServer(t)
			id := s.Add(roughytest.Render{State: roughy.StateCompleted, Bytes: video})
			arm := func() {
				if c.how != "" {
					s.Break(id, c.how)
				}
			}
			arm()
			var got bytes.Buffer
			n, err := s.Client(quick).Download(t.Context(), id, &got)
			require.EqualValues(t, got.Len(), n)
			require.True(t, bytes.HasPrefix(video, got.Bytes()))
			fetched(t, s, c.code, c.links, err)
			require.Equal(t, c.code == "", got.Len() == len(video))

			arm()
			path := filepath.Join(t.TempDir(), "a.mp4")
			_, err = s.Client(quick).DownloadFile(t.Context(), id, path)
			fetched(t, s, c.code, 2*c.links, err)
			file, err := os.ReadFile(path)
			if c.code != "" {
				require.ErrorIs(t, err, os.ErrNotExist)
				return
			}
			require.NoError(t, err)
			require.True(t, bytes.Equal(video, file))
		})
	}
}

// fetched holds the end of a download to a code, and counts the requests of all links so far.
func fetched(t *testing.T, s *roughytest.Server, code string, links int, err error) {
	t.Helper()
	if code == "" {
		require.NoError(t, err)
	} else {
		told, _ := errors.AsType[*roughy.Error](err)
		require.NotNil(t, told, "%v", err)
		require.Equal(t, code, told.Code, "%v", err)
	}
	n := 0
	for _, r := range s.Requests() {
		if strings.HasPrefix(r.Path, "/output/") {
			n++
		}
	}
	require.Equal(t, links, n)
}
