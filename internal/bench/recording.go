package main

import (
	"fmt"
	"strings"
	"time"
)

// recordedRenders are how many renders the recording has that targets speak of.
const recordedRenders = 10_000

// recorded is one answer of a recording: a render, read once.
type recorded struct{ id, body string }

// recording is n different renders in all states, half of them completed. Each keeps the contract, in prose too.
func recording(n int) []recorded {
	completed := bodyLong
	processing := bodyShort
	pending := replaced(bodyShort, `"processing"`, `"pending"`, `"started_at":"2026-10-31T09:15:01.512345Z"`, `"started_at":null`)
	failed := replaced(bodyShort, `"processing"`, `"failed"`, `"completed_at":null`, `"completed_at":"2026-10-31T09:15:42Z"`,
		`"error_code":null,"error_message":null`, `"error_code":"no_audio_track","error_message":"\"clip.mov\" has no audio track to encode as m4a"`)
	templates := []string{completed, processing, completed, pending, completed, failed, completed, processing}
	renders := make([]recorded, n)
	for i := range renders {
		renders[i] = variation(templates[i%len(templates)], i)
	}
	return renders
}

// variation gives a render ids, times and a size of its own.
func variation(render string, i int) recorded {
	id := fmt.Sprintf("%08x-7a3e-7c52-9b1d-%012x", i, 0x5f0e6a7c8d90-i)
	minute := time.Date(2026, 10, 31, 9, 15, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	return recorded{id, replaced(render,
		"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", id,
		"0192f0c0-11aa", fmt.Sprintf("%08x-11aa", i/3),
		"2026-10-31T09:15", minute.Format("2006-01-02T15:04"),
		"7340032", fmt.Sprint(7340032+i),
	)}
}

func replaced(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}

// stateless is the render without a member that is required.
func (r recorded) stateless() recorded {
	return recorded{r.id, strings.Replace(r.body, `"state":`, `"status":`, 1)}
}

func (r recorded) url() string { return "https://api.roughy.ai/v1/renders/" + r.id }
