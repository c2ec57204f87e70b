package traffic

import "errors"

var errIsHAR = errors.New("a HAR, and not one exchange a line")

func (p *pass) ndjson() {
	for p.number = 1; !p.finished() && p.fault == nil; {
		if p.peek() == '\n' {
			p.at++
			p.number++
			continue
		}
		p.line()
	}
}

// line reads a line up to its end, before it hands on what the line says.
func (p *pass) line() {
	p.begin()
	p.method = "GET"
	p.object(&p.inLine)
	if p.fault == nil && p.peek() != '\n' && !p.finished() {
		p.want("the end of the line")
	}
	p.emit()
}

func (p *pass) lineMember(name []byte) {
	switch string(name) {
	case "url":
		p.readURL("url is no text")
	case "log":
		if p.peek() == '{' {
			p.fail(errIsHAR)
		}
		p.skip()
	case "request", "response", "timings": // the line is an entry of a HAR
		if p.peek() == '{' {
			p.entryMember(name)
		} else {
			p.skip()
		}
	case "startedDateTime", "time":
		p.entryMember(name)
	default:
		if p.addresses {
			p.skip()
		} else {
			p.answerMember(name)
		}
	}
}

func (p *pass) answerMember(name []byte) {
	switch string(name) {
	case "method":
		p.method = p.interned.text(p.brief("method is no text"))
	case "status":
		p.readStatus("status is no HTTP status")
	case "headers":
		p.lineHeaders(&p.answered, "headers is no object of texts")
	case "request_headers":
		p.lineHeaders(&p.asked, "request_headers is no object of texts")
	case "body":
		p.lineBody()
	case "body_base64":
		if p.is('"', "body_base64 is no text") {
			p.onlyBody()
			p.body, p.over = p.longText(p.body[:0], mostText)
			p.encoded = true
		}
	case "started":
		p.readStarted()
	case "elapsed_ms":
		p.readElapsed()
	case "error":
		p.readFailure()
	default:
		p.skip()
	}
}

func (p *pass) onlyBody() {
	if p.hasText {
		p.odd("more than one body: give body or body_base64")
	}
	p.hasText = true
}

// lineBody reads a body: a text, or any other value as it is written.
func (p *pass) lineBody() {
	switch p.peek() {
	case 'n':
		p.word("null")
	case '"':
		p.onlyBody()
		p.body, p.over = p.longText(p.body[:0], mostText)
	default:
		p.onlyBody()
		p.body = p.taped(p.body[:0], mostText, p.skip)
	}
}
