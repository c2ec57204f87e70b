package roughy_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// left is a folder with what an earlier download left: bytes, and what names their output.
func left(bytes, tag string) func(s *scene, folder string) {
	return func(s *scene, folder string) {
		require.NoError(s, os.Mkdir(partOf(folder), 0o700))
		s.write(filepath.Join(partOf(folder), "bytes"), bytes)
		s.write(filepath.Join(partOf(folder), "tag"), tag)
	}
}

// partFaults are what an earlier download left, and what the next one makes of it.
func partFaults() []fault {
	half, second := string(small[:150]), []byte(numbers(500))
	resumed := func(bytes, tag string) func(t *testing.T, f fault) sights {
		return intoFolder(left(bytes, tag))
	}
	changed := func(tag string) part {
		return func(_ *scene, _ int, r *request) steps { return steps{faulttest.Text(served(r, second, tag))} }
	}
	toSecond := func(s *scene) { s.want = second }
	tampered := bytes.Replace(small, []byte("001"), []byte("xyz"), 1)
	return []fault{
		{name: "cancelled in the middle, and another call", meet: cancelled},
		{name: "killed in the middle, and another call", meet: killed},
		{name: "half of the output is there", meet: resumed(half, `"v1"`)},
		{name: "half is there, and the link is refused once", link: first(1, refusing("403 Forbidden")), meet: resumed(half, `"v1"`)},
		{name: "all of the output is there", meet: resumed(string(small), `"v1"`)},
		{name: "more than the output is there", meet: resumed(string(small)+"x", `"v1"`)},
		{name: "nothing of the output is there", meet: resumed("", `"v1"`)},
		{name: "half is there, and nobody knows of what", meet: intoFolder(func(s *scene, folder string) {
			left(half, "")(s, folder)
			require.NoError(s, os.Remove(filepath.Join(partOf(folder), "tag")))
		})},
		{name: "half is there of another output", meet: resumed(half, `"v0"`)},
		{name: "half is there, and the output has changed", link: changed(`"v2"`), prepare: toSecond, meet: resumed(half, `"v1"`)},
		{name: "half is there, and the host goes on with another output",
			link: answering("206 Partial Content", second[149:], `ETag: "v2"`, "Content-Range: bytes 149-299/300"), meet: resumed(half, `"v1"`)},
		{name: "half is there, and the output is shorter by now", api: withMembers(members{"size_bytes": 30}), prepare: func(s *scene) { s.want = small[:30] },
			link: func(_ *scene, _ int, r *request) steps { return steps{faulttest.Text(served(r, small[:30], `"v2"`))} }, meet: resumed(half, `"v1"`)},
		{name: "half is there, and 416", link: refusing("416 Range Not Satisfiable"), meet: resumed(half, `"v1"`)},
		{name: "half is there, and the host ignores ranges", link: answering("200 OK", small, `ETag: "v1"`), meet: resumed(half, `"v1"`)},
		{name: "half is there, and somebody changed its bytes",
			prepare: func(s *scene) { s.want, s.good = tampered, "the output, but for that" }, meet: resumed(string(tampered[:150]), `"v1"`)},
		{name: "half is there, and the render is gone", api: saying(404), meet: resumed(half, `"v1"`)},
	}
}

// cancelled downloads until half is there, and then again.
func cancelled(t *testing.T, f fault) (all sights) {
	f.link = broken(faulttest.Wait(nil), nil)
	played(t, f, func(ctx context.Context, s *scene) {
		folder := s.TempDir()
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		first := s.toFile(short, folder, roughy.WithProgress(func(int64, int64) { cancel() }))
		all = append(sights{first}.by("the first call"), sights{s.resumed(ctx, folder)}.by("the next")...)
	})
	return all
}
