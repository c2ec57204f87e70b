package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// har is a recording as browsers export it: HAR 1.2, with the headers and timings that an API's answers have.
func har(renders []recorded) ([]byte, error) {
	entries := make([]object, len(renders))
	for i, r := range renders {
		entries[i] = harEntry(i, r)
	}
	return json.Marshal(object{"log": object{
		"version": "1.2",
		"creator": object{"name": "WebInspector", "version": "537.36"},
		"entries": entries,
	}})
}

func harEntry(i int, r recorded) object {
	started := time.Date(2026, 10, 31, 10, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Second)
	return object{
		"startedDateTime": started.Format("2006-01-02T15:04:05.000Z07:00"),
		"time":            18.25 + float64(i%7),
		"request":         harRequest(r),
		"response":        harResponse(r),
		"cache":           object{},
		"timings":         object{"send": 0.25, "wait": 16 + float64(i%7), "receive": 0.5},
	}
}

func harRequest(r recorded) object {
	return object{
		"method": http.MethodGet, "url": r.url(), "httpVersion": "http/2.0",
		"headers": harHeaders("accept", "application/json", "authorization", "…"),
		"cookies": []object{}, "queryString": []object{}, "headersSize": -1, "bodySize": 0,
	}
}

func harResponse(r recorded) object {
	return object{
		"status": http.StatusOK, "statusText": "", "httpVersion": "http/2.0",
		"headers": harHeaders("content-length", strconv.Itoa(len(r.body)), "content-type", "application/json",
			"date", "Sat, 31 Oct 2026 10:00:00 GMT"),
		"content": object{"size": len(r.body), "mimeType": "application/json", "text": r.body},
		"cookies": []object{}, "redirectURL": "", "headersSize": -1, "bodySize": len(r.body),
	}
}

// harHeaders are names and values in turn.
func harHeaders(pairs ...string) []object {
	var headers []object
	for i := 0; i < len(pairs); i += 2 {
		headers = append(headers, object{"name": pairs[i], "value": pairs[i+1]})
	}
	return headers
}
