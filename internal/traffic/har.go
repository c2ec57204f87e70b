package traffic

import (
	"errors"
	"strings"
)

var (
	errEmpty   = errors.New("it is empty: record or export it again")
	errNoHAR   = errors.New("no HAR: log.entries is missing")
	errUTF16   = errors.New("it is UTF-16: save it as UTF-8")
	errIsLines = errors.New("no HAR, but one exchange a line: use --ndjson")
)

// har reads a HAR to its end, so that one that is cut off does not pass for a whole one.
func (p *pass) har() {
	if p.finished() {
		p.fail(errEmpty)
		return
	}
	p.object(&members{read: p.topMember})
	switch {
	case p.fault != nil:
	case p.isLine && !p.hasLog:
		p.fail(errIsLines)
	case !p.hasEntries:
		p.fail(errNoHAR)
	case !p.finished():
		p.want("nothing after the HAR")
	}
}

func (p *pass) topMember(name []byte) {
	switch string(name) {
	case "log":
		if p.hasLog {
			p.fail(errors.New("log comes twice"))
		}
		p.hasLog = true
		p.object(&p.inLog)
	case "url", "method":
		p.isLine = true
		fallthrough
	default:
		p.skip()
	}
}

func (p *pass) logMember(name []byte) {
	if string(name) != "entries" {
		p.skip()
		return
	}
	if p.hasEntries {
		p.fail(errors.New("log.entries comes twice"))
	}
	p.hasEntries = true
	p.array(p.onEntry)
}

func (p *pass) harEntry() {
	p.number++
	p.begin()
	if p.is('{', "the entry is no object") {
		p.object(&p.inEntry)
	}
	p.emit()
}

func (p *pass) entryMember(name []byte) {
	switch string(name) {
	case "request":
		p.method, p.url = "", nil
		p.asked.reset()
		if p.is('{', "request is no object") {
			p.object(&p.inRequest)
		}
	case "response":
		p.reply = reply{body: p.body[:0], size: -1, bodySize: -1}
		p.answered.reset()
		switch {
		case p.addresses:
			p.skip()
		case p.is('{', "response is no object"):
			p.object(&p.inResponse)
		}
	case "startedDateTime":
		p.readStarted()
	case "time":
		p.readElapsed()
	case "timings":
		p.receive = 0
		if p.peek() == '{' {
			p.object(&p.inTimings)
		} else {
			p.skip()
		}
	case "_webSocketMessages":
		p.socket = true
		p.skip()
	default:
		p.ignore()
	}
}

func (p *pass) timingMember(name []byte) {
	if string(name) == "receive" {
		p.receive = milliseconds(p.amount(0))
	} else {
		p.skip()
	}
}

func (p *pass) requestMember(name []byte) {
	switch {
	case string(name) == "url":
		p.readURL("request.url is no text")
	case p.addresses:
		p.skip()
	case string(name) == "method":
		p.method = p.interned.text(p.brief("request.method is no text"))
	case string(name) == "headers":
		p.harHeaders(&p.asked, "request.headers is no list")
	default:
		p.ignore()
	}
}

func (p *pass) responseMember(name []byte) {
	switch string(name) {
	case "status":
		p.readStatus("response.status is no HTTP status")
	case "headers":
		p.harHeaders(&p.answered, "response.headers is no list")
	case "content":
		p.mime, p.size, p.body, p.hasText, p.over, p.encoded = "", -1, p.body[:0], false, false, false
		if p.is('{', "response.content is no object") {
			p.object(&p.inContent)
		}
	case "bodySize":
		p.bodySize = p.amount(-1)
	case "_error", "_failureText":
		p.readFailure()
	default:
		p.ignore()
	}
}

func (p *pass) contentMember(name []byte) {
	switch string(name) {
	case "size":
		p.size = p.amount(-1)
	case "mimeType":
		p.mime = p.interned.text(p.brief("response.content.mimeType is no text"))
	case "encoding":
		p.encoded = strings.EqualFold(string(p.brief("response.content.encoding is no text")), "base64")
	case "text":
		p.hasText = p.is('"', "response.content.text is no text")
		if p.hasText {
			p.body, p.over = p.longText(p.body[:0], mostText)
		}
	default:
		p.ignore()
	}
}
