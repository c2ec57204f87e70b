package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRecordingIsOfManyRendersThatKeepTheContract(t *testing.T) {
	t.Parallel()
	renders := recording(1000)
	ids, states := map[string]bool{}, map[string]int{}
	for _, r := range renders {
		var body struct{ ID, State string }
		require.NoError(t, json.Unmarshal([]byte(r.body), &body))
		require.Equal(t, r.id, body.ID)
		ids[body.ID] = true
		states[body.State]++
	}
	require.Len(t, ids, 1000)
	require.Equal(t, map[string]int{"completed": 500, "processing": 250, "failed": 125, "pending": 125}, states)
	for _, loop := range []func([]recorded) (judge, error){loopOurs, loopLib} {
		noticed, err := loop(renders)
		require.NoError(t, err)
		require.False(t, noticed())
	}
}

// One defect among many is noticed by both, so both look at all.
func TestLoopsLookAtEveryRender(t *testing.T) {
	t.Parallel()
	renders := recording(100)
	renders[99] = renders[99].stateless()
	for _, loop := range []func([]recorded) (judge, error){loopOurs, loopLib} {
		noticed, err := loop(renders)
		require.NoError(t, err)
		require.True(t, noticed())
		require.True(t, noticed(), "the second time")
	}
}

func TestHARHoldsTheRecording(t *testing.T) {
	t.Parallel()
	renders := recording(recordedRenders)
	text, err := har(renders)
	require.NoError(t, err)
	require.InDelta(t, 13.5e6, len(text), 5e5)
	var file struct {
		Log struct {
			Entries []struct {
				Request  struct{ URL string }
				Response struct{ Content struct{ Text string } }
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &file))
	require.Len(t, file.Log.Entries, recordedRenders)
	for i, e := range file.Log.Entries {
		require.Equal(t, renders[i].url(), e.Request.URL)
		require.Equal(t, renders[i].body, e.Response.Content.Text)
	}
}
