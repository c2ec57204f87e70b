package main

import (
	"fmt"
	"strings"
)

// bodyShort is a render that is under way, 380 bytes.
const bodyShort = `{"id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","asset_id":"0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f",` +
	`"cut_id":null,"state":"processing","output":{"format":"mp4","resolution":"1080p","frame_rate":23.976},` +
	`"size_bytes":null,"error_code":null,"error_message":null,"created_at":"2026-10-31T09:15:00.123456Z",` +
	`"started_at":"2026-10-31T09:15:01.512345Z","completed_at":null,"download_url":null}`

// bodyLong is a completed render with all that there is, 700 bytes, half of them its link.
const bodyLong = `{"id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","asset_id":"0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f",` +
	`"cut_id":"0192f0c0-9b44-7c11-a0de-3f2b1c0d9e8f","state":"completed","output":{"format":"mp4","resolution":"1080p",` +
	`"video_bitrate":10000000,"audio_bitrate":192000,"frame_rate":29.97},"size_bytes":7340032,"error_code":null,` +
	`"error_message":null,"created_at":"2026-10-31T09:15:00.123456Z","started_at":"2026-10-31T09:15:01Z",` +
	`"completed_at":"2026-10-31T09:15:42Z","download_url":"https://cdn.example/renders/` +
	`0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261031T091542Z` +
	`&X-Amz-Expires=900&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"}`

// bodyEvent is the last of the three events.
const bodyEvent = `{"type":"render.completed","id":"0192f0c2-55d0-7be4-8a10-9c4f7d2e6b31",` +
	`"render_id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","created_at":"2026-10-31T09:15:42.000127Z","size_bytes":7340032,` +
	`"duration_seconds":12.48,"download_url":"https://cdn.example/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90.mp4"}`

// bodyUnknown is bodyShort with one member that nobody documents.
func bodyUnknown() []byte { return edited(`"state":`, `"priority":"high","state":`) }

// bodyStateless is bodyShort without a member that is required.
func bodyStateless() []byte { return edited(`"state":"processing",`, "") }

func edited(old, with string) []byte { return []byte(strings.Replace(bodyShort, old, with, 1)) }

// listBytes is how long bodyList is at least.
const listBytes = 1_000_000

// bodyList is a million bytes of renders, short and long in turn, each with an id of its own.
func bodyList() []byte {
	b := []byte("[")
	for i := 0; len(b) < listBytes; i++ {
		render := [...]string{bodyShort, bodyLong}[i%2]
		b = append(b, strings.Replace(render, "0192f0c1", fmt.Sprintf("%08x", i), 1)...)
		b = append(b, ',')
	}
	b[len(b)-1] = ']'
	return b
}
