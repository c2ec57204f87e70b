package media_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

func TestFFmpegEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	began := filepath.Join(t.TempDir(), "began")
	slow := script(t, "echo 'frame= 7' >&2; sleep 600 & echo $! > "+began+"; wait")
	limited := task(t)
	limited.Limit = 2 * time.Second
	err := media.EncodeByFFmpeg(t.Context(), slow, limited)
	requireRefusal(t, err, media.CodeEncodeLimit)
	require.ErrorContains(t, err, "longer than 2s")
	require.NotContains(t, err.Error(), "frame=")
	require.ErrorContains(t, err.(*media.Error).Err, "frame= 7")
	requireGone(t, childOf(began))
}

func TestTheLimitGrowsWithTheSource(t *testing.T) {
	t.Parallel()
	of := func(length time.Duration, segments ...media.Segment) time.Duration {
		return media.Task{Source: media.Source{Duration: length}, Segments: segments}.TimeLimit()
	}
	require.Equal(t, 5*time.Minute+200*time.Second, of(time.Second))
	require.Equal(t, 5*time.Minute+150*time.Second, of(time.Second, media.Segment{End: time.Second / 2}))
	require.Equal(t, 24*time.Hour, of(68*365*24*time.Hour), "a file may lie")
	require.Equal(t, 24*time.Hour, of(0), "or say nothing")
	require.Equal(t, time.Minute, media.Task{Limit: time.Minute}.TimeLimit())
}

func TestEveryCodeIsDocumented(t *testing.T) {
	t.Parallel()
	var documented, declared []string
	for code, meaning := range media.Codes() {
		documented = append(documented, code)
		require.NotEmpty(t, meaning)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "error.go", nil, 0)
	require.NoError(t, err)
	for name, object := range file.Scope.Objects { //nolint:staticcheck // one file, no types
		if object.Kind == ast.Con && strings.HasPrefix(name, "Code") {
			value := object.Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value
			declared = append(declared, strings.Trim(value, `"`))
		}
	}
	require.ElementsMatch(t, declared, documented)
}
