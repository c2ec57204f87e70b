package roughy_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// head300 begins the answer of the whole output, as it is on the wire.
const head300 = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 300\r\n\r\n"

// whole300 is all of it.
func whole300(*scene) string { return head300 + string(small) }

// answered is an answer of a link's host, as it is on the wire.
func answered(status string, body []byte, headers ...string) string {
	lines := append([]string{"HTTP/1.1 " + status, fmt.Sprintf("Content-Length: %d", len(body))}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + string(body)
}

// answering is such an answer at every request.
func answering(status string, body []byte, headers ...string) part {
	return always(faulttest.Text(answered(status, body, headers...)))
}

// chunked is an answer of unknown length, which ends by the last of the steps.
func chunked(body []byte, end ...faulttest.Step) part {
	return always(append(steps{faulttest.Head("200 OK", `ETag: "v1"`, "Transfer-Encoding: chunked"), faulttest.Chunks(string(body))}, end...)...)
}

// chunksEnd is the end of chunks.
func chunksEnd() faulttest.Step { return faulttest.Text("0\r\n\r\n") }

// broken is the first 100 bytes of the output, and then end; what comes then is another part's.
func broken(end faulttest.Step, then part) part {
	return brokenBy(steps{end}, then)
}

// brokenBy is broken by several steps.
func brokenBy(end steps, then part) part {
	return until(1, always(append(steps{faulttest.Text(head300 + string(small[:100]))}, end...)...), then)
}

// cutFaults are outputs that come late, or that break off.
func cutFaults() []fault {
	hasty := []roughy.Option{roughy.WithRetry(roughy.RetryOptions{Attempts: 1})}
	silence := faulttest.Wait(nil)
	bit := func(end faulttest.Step) part { // 50 bytes of what is asked for, and no more
		return func(_ *scene, _ int, r *request) steps {
			head, body, _ := strings.Cut(served(r, small, `"v1"`), "\r\n\r\n")
			return steps{faulttest.Text(head + "\r\n\r\n" + body[:min(50, len(body))]), end}
		}
	}
	return downloads([]fault{
		{name: "a reset at each byte of an output", link: cutting(1, whole300, faulttest.Reset()), meet: downloadEachByte},
		{name: "an end at each byte of an output", link: cutting(1, whole300, faulttest.Cut()), meet: downloadEachByte},
		{name: "a reset each time when 50 bytes have come", link: bit(faulttest.Reset())},
		{name: "an end each time when 50 bytes have come", link: bit(faulttest.Cut())},
		{name: "a reset when 100 bytes have come, one attempt", options: hasty, link: broken(faulttest.Reset(), nil)},
		{name: "a reset when 100 bytes have come, and ever again before a byte", link: broken(faulttest.Reset(), always(faulttest.Reset()))},
		{name: "a reset when 100 bytes have come, then 503 for ever", slow: true, link: broken(faulttest.Reset(), refusing("503 Service Unavailable"))},
		{name: "a reset when 100 bytes have come, then 403 once",
			link: broken(faulttest.Reset(), until(2, refusing("403 Forbidden"), nil))},
		{name: "an end in the middle of chunks", link: first(1, chunked(small[:100], faulttest.Cut()))},
		{name: "no byte of an output any more, then the rest", slow: true, link: broken(silence, nil)},
		{name: "no byte of an output any more, ever again", slow: true, link: broken(silence, always(silence))},
		{name: "no answer to a link", slow: true, link: always(silence)},
		{name: "no answer to a link, cancelled after 1 s", slow: true, timed: true, cancel: time.Second, link: always(silence)},
		{name: "no byte of an output any more, cancelled after 1 s", slow: true, timed: true, cancel: time.Second, link: broken(silence, nil)},
		{name: "no byte of an output any more, and a context that ends in 7 s", slow: true, timed: true, limit: 7 * time.Second, link: broken(silence, nil)},
		{name: "an output of one byte a second", slow: true, timed: true, link: always(faulttest.Text(head300), faulttest.Pace(time.Second, string(small)))},
		{name: "a link's header of one byte a second", slow: true, link: always(faulttest.Pace(time.Second, head300))},
		{name: "a byte of an output every 31 s", slow: true, link: func(_ *scene, _ int, r *request) steps {
			head, body, _ := strings.Cut(served(r, small, `"v1"`), "\r\n\r\n")
			return steps{faulttest.Text(head + "\r\n\r\n"), faulttest.Text(body[:1]), faulttest.Pace(31*time.Second, body[1:])}
		}},
		{name: "all chunks, and no end of them", slow: true, timed: true, link: chunked(small, silence)},
		{name: "all chunks, and a reset", link: chunked(small, faulttest.Reset())},
	})
}
