package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

const (
	rightKey  = "sk_test_9f8e7d6c5b4a"
	signature = "5ecre7516na7ure"
	clip      = "the bytes of a small clip\n"
)

// renders names the renders of the test API by what reading them does; scripts know the ids by these names.
var renders = map[string]string{
	"OK":         "00000000-0000-4000-8000-000000000001",
	"WARNING":    "00000000-0000-4000-8000-000000000002",
	"VIOLATION":  "00000000-0000-4000-8000-000000000003",
	"FAILED":     "00000000-0000-4000-8000-000000000004",
	"MISSING":    "00000000-0000-4000-8000-000000000005",
	"ERROR":      "00000000-0000-4000-8000-000000000006",
	"HTML":       "00000000-0000-4000-8000-000000000007",
	"REDIRECT":   "00000000-0000-4000-8000-000000000008",
	"SLOW":       "00000000-0000-4000-8000-000000000009",
	"SEQUENCE":   "00000000-0000-4000-8000-00000000000a",
	"STUCK":      "00000000-0000-4000-8000-00000000000b",
	"LINKLESS":   "00000000-0000-4000-8000-00000000000c",
	"HOSTILE":    "00000000-0000-4000-8000-00000000000d",
	"SHORT":      "00000000-0000-4000-8000-00000000000e",
	"EXPIRED":    "00000000-0000-4000-8000-00000000000f",
	"SLOWLINK":   "00000000-0000-4000-8000-000000000010",
	"ROTTEN":     "00000000-0000-4000-8000-000000000011",
	"FORMATLESS": "00000000-0000-4000-8000-000000000012",
	"OFFLINE":    "00000000-0000-4000-8000-000000000013",
	"UNCHECKED":  "00000000-0000-4000-8000-000000000014",
	"IMPOSTOR":   "00000000-0000-4000-8000-000000000016",
	"FAILEDLATE": "00000000-0000-4000-8000-000000000015",
	"ERRORZIP":   "00000000-0000-4000-8000-000000000018",
	"FARAHEAD":   "00000000-0000-4000-8000-000000000017",
	"ENDLESS":    "00000000-0000-4000-8000-000000000019",
	"BUSY":       "00000000-0000-4000-8000-00000000001a",
	"PAUSED":     "00000000-0000-4000-8000-00000000001b",
	"HALF":       "00000000-0000-4000-8000-00000000001c",
	"CUT":        "00000000-0000-4000-8000-00000000001d",
	"CHANGED":    "00000000-0000-4000-8000-00000000001e",
	"HELD":       "00000000-0000-4000-8000-00000000001f",
	"FADING":     "00000000-0000-4000-8000-000000000021",
}

// world is an API and, on a host of its own, the storage that its links point to. Both really listen on 127.0.0.1.
type world struct {
	api, storage *httptest.Server
	hanging      chan struct{} // gets a value whenever an answer is held back
	release      chan struct{} // lets the answer of HELD go on

	mu     sync.Mutex
	reads  map[string]int
	leaked bool // the storage was sent a key
}

func newWorld() *world {
	w := &world{hanging: make(chan struct{}, 100), release: make(chan struct{}), reads: map[string]int{}}
	w.storage = httptest.NewServer(http.HandlerFunc(w.serveStorage))
	w.api = httptest.NewServer(http.HandlerFunc(w.serveAPI)) // its answers name the storage
	return w
}

func (w *world) close() {
	w.api.CloseClientConnections()
	w.storage.CloseClientConnections()
	w.api.Close()
	w.storage.Close()
}

func (w *world) serveAPI(rw http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+rightKey {
		answer(rw, http.StatusUnauthorized, envelope("unauthenticated", "The key is not known."))
		return
	}
	id := strings.TrimPrefix(r.URL.Path, "/v1/renders/")
	w.mu.Lock()
	w.reads[id]++
	read := w.reads[id]
	w.mu.Unlock()
	for name, known := range renders {
		if known == id {
			w.serveRender(rw, r, name, read)
			return
		}
	}
	answer(rw, http.StatusNotFound, envelope("not_found", "There is no such render."))
}

func (w *world) serveRender(rw http.ResponseWriter, r *http.Request, name string, read int) {
	body := w.render(name)
	switch name {
	case "MISSING":
		answer(rw, http.StatusNotFound, envelope("not_found", "There is no such render."))
	case "ERROR":
		answer(rw, http.StatusInternalServerError, envelope("internal", "Something broke."))
	case "ERRORZIP":
		rw.Header().Set("Content-Encoding", "zstd")
		answer(rw, http.StatusInternalServerError, envelope("internal", "Something broke."))
	case "HOSTILE":
		answer(rw, http.StatusBadRequest, envelope("bad_request", "\x1b[2J"+rightKey+" https://h.example/x?X-Amz-Signature="+signature))
	case "HTML":
		rw.Header().Set("Content-Type", "text/html")
		rw.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(rw, "<h1>Oops</h1>")
	case "REDIRECT":
		http.Redirect(rw, r, w.storage.URL+"/elsewhere", http.StatusFound)
	case "SLOW":
		w.hang(r)
	case "BUSY", "FADING":
		switch {
		case read == 1:
			answer(rw, http.StatusServiceUnavailable, envelope("unavailable", "Busy."))
		case name == "FADING":
			panic(http.ErrAbortHandler)
		default:
			answer(rw, http.StatusOK, body)
		}
	case "PAUSED":
		rw.Header().Set("Retry-After", "30")
		answer(rw, http.StatusServiceUnavailable, envelope("unavailable", "Busy."))
		w.hanging <- struct{}{}
	case "UNCHECKED":
		rw.Header().Set("Content-Encoding", "zstd")
		answer(rw, http.StatusOK, body)
	case "SEQUENCE", "FAILEDLATE":
		answer(rw, http.StatusOK, stage(body, []string{"pending", "processing"}, read))
	case "STUCK":
		if read > 1 {
			w.hanging <- struct{}{}
		}
		answer(rw, http.StatusOK, stage(body, []string{"processing"}, 1))
	default:
		answer(rw, http.StatusOK, body)
	}
}

// render is the body that a read of the named render ends with.
func (w *world) render(name string) map[string]any {
	body := map[string]any{
		"id": renders[name], "asset_id": "00000000-0000-4000-8000-0000000000a0", "cut_id": nil,
		"state": "completed", "output": map[string]any{"format": "mp4", "resolution": "720p", "frame_rate": 29.97},
		"size_bytes": len(clip), "error_code": nil, "error_message": nil,
		"created_at": "2026-10-31T09:15:00.123456Z", "started_at": "2026-10-31T09:15:01Z", "completed_at": "2026-10-31T09:15:42Z",
		"download_url": w.storage.URL + "/" + name + "?X-Amz-Signature=" + signature,
	}
	switch name {
	case "WARNING":
		body["mood"] = "fine"
	case "VIOLATION":
		delete(body, "state")
	case "FAILED", "FAILEDLATE":
		maps.Copy(body, map[string]any{"state": "failed", "size_bytes": nil, "download_url": nil,
			"error_code": "no_engine", "error_message": "No engine makes this."})
	case "LINKLESS":
		body["download_url"] = nil
	case "IMPOSTOR":
		body["id"] = renders["OK"]
	case "FARAHEAD":
		body["completed_at"] = "9999-12-31T23:59:59-01:00"
	case "FORMATLESS":
		body["output"] = map[string]any{}
	case "OFFLINE":
		body["download_url"] = "http://127.0.0.1:1/clip?X-Amz-Signature=" + signature
	}
	return body
}

// stage is the body as it was at an early read: in the state of that read, with nothing that only the end knows.
func stage(body map[string]any, states []string, read int) map[string]any {
	if read > len(states) {
		return body
	}
	maps.Copy(body, map[string]any{"state": states[read-1], "size_bytes": nil, "completed_at": nil, "download_url": nil,
		"error_code": nil, "error_message": nil})
	if states[read-1] == "pending" {
		body["started_at"] = nil
	}
	return body
}

func (w *world) serveStorage(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	w.mu.Lock()
	w.leaked = w.leaked || r.Header.Get("Authorization") != "" || strings.Contains(fmt.Sprint(r.Header), rightKey)
	w.reads["link "+name]++
	read := w.reads["link "+name]
	w.mu.Unlock()
	rw.Header().Set("ETag", `"1"`)
	switch {
	case name == "HALF" && read == 2: // by now, what came first is in the file
		w.hang(r)
	case (name == "HALF" || name == "CUT" || name == "CHANGED") && read == 1:
		w.some(rw)
		panic(http.ErrAbortHandler)
	case name == "CHANGED":
		rw.Header().Set("ETag", `"2"`)
		http.ServeContent(rw, r, name, time.Time{}, strings.NewReader(clip))
	case name == "HELD":
		w.hanging <- struct{}{}
		select {
		case <-w.release:
			http.ServeContent(rw, r, name, time.Time{}, strings.NewReader(clip))
		case <-r.Context().Done():
		}
	case name == "ROTTEN", name == "EXPIRED" && read == 1:
		http.Error(rw, "expired: "+signature, http.StatusForbidden)
	case name == "SLOWLINK":
		rw.Header().Del("ETag")
		w.some(rw)
		w.hang(r)
	case name == "SHORT":
		fmt.Fprint(rw, clip[:4])
	case name == "ENDLESS":
		for r.Context().Err() == nil {
			fmt.Fprint(rw, clip)
		}
	default:
		http.ServeContent(rw, r, name, time.Time{}, strings.NewReader(clip))
	}
}

// some is the beginning of an output.
func (w *world) some(rw http.ResponseWriter) {
	rw.Header().Set("Content-Length", fmt.Sprint(len(clip)))
	fmt.Fprint(rw, clip[:4])
	_ = http.NewResponseController(rw).Flush()
}

func (w *world) hang(r *http.Request) {
	w.hanging <- struct{}{}
	<-r.Context().Done()
}

func envelope(code, message string) map[string]any {
	return map[string]any{"error": map[string]any{"code": code, "message": message}}
}

func answer(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(body)
}
