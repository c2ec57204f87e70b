package learn

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// statusDrift is what the answers of an undocumented status, or media type, were like.
type statusDrift struct {
	fits   map[*entry]int // how many of them were what another status documents
	media  map[string]int // what they said they were; "" without a body
	others int            // media types beyond those
	opaque bool           // there was a body that is no JSON
}

// undocumentedStatus takes an answer whose status has no entry of its own, unless it is what the default or the range describes.
func (s *sighting) undocumentedStatus(report contract.Report) bool {
	if s.own || s.answer != nil && !s.isMisfit(report) {
		return false
	}
	status, foreign := fmt.Sprint(s.entry.Status), s.foreign()
	at := place.Join(s.operation.pointer, "responses", status)
	if foreign != "" {
		status += " in HTML"
	}
	covering := s.answer
	s.answer = nil
	if d := s.see(key{Status, at, status}, foreign); d != nil && foreign == "" {
		s.describe(d, covering)
		s.headers(at)
	}
	s.answer = covering
	return true
}

// foreign is why an answer may be none of the API's; "" if it is one.
func (s *sighting) foreign() string {
	if mediaType(s.entry.Header) == "text/html" {
		return "HTML comes from what stands in front of the API"
	}
	return ""
}

// isMisfit tells whether an answer is altogether another one than its entry describes.
func (s *sighting) isMisfit(report contract.Report) bool {
	for _, f := range report.Findings {
		if f.Severity != contract.Violation {
			continue
		}
		deep := len(place.Split(f.Pointer))
		switch {
		case f.Layer == contract.LayerContentType, f.Rule == "body",
			f.Layer == contract.LayerBody && deep == 0 && f.Rule != "json-syntax",
			f.Rule == "schema.required" && deep == 1:
			return true
		}
	}
	return false
}

// describe learns what a status's bodies are like, and which documented status has the same.
func (s *sighting) describe(d *drift, covering *entry) {
	if d.status == nil {
		d.status = &statusDrift{fits: map[*entry]int{}, media: map[string]int{}}
	}
	said := mediaType(s.entry.Header)
	if len(s.entry.Body) == 0 {
		said = ""
	}
	if _, known := d.status.media[said]; known || len(d.status.media) < 4 {
		d.status.media[said]++
	} else {
		d.status.others++
	}
	for _, e := range s.operation.sorted() {
		if e != covering && s.wouldBe(e) {
			d.status.fits[e]++
		}
	}
	s.shapes(d, said)
}

// shapes learns the shape of a body.
func (s *sighting) shapes(d *drift, said string) {
	switch raw := lookup(s.entryBody(), nil); {
	case said == "":
	case contract.IsJSON(said) && raw != nil:
		d.shape.add(raw)
	default:
		d.status.opaque = true
	}
}

// entryBody is the body without its encoding, also where the contract did not look at it.
func (s *sighting) entryBody() []byte {
	if s.body != nil {
		return s.body
	}
	plain, err := contract.Plain(s.entry.Header, s.entry.Body)
	if err != nil {
		return nil
	}
	return plain
}

// wouldBe tells whether the exchange would keep the contract if it had the status of an entry.
func (s *sighting) wouldBe(e *entry) bool {
	x := s.entry.Exchange
	x.Status = s.operation.example(e)
	if len(x.Body) == 0 {
		return false
	}
	return s.contract.Check(x).Verdict == contract.OK
}

var mediaName = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]{1,60}$`)

// content sees a media type that is not documented for its status.
func (s *sighting) content() {
	said := mediaType(s.entry.Header)
	refused := s.foreign()
	if !mediaName.MatchString(said) {
		said, refused = "", "no media type that can be written down"
	}
	d := s.see(key{Content, s.answer.pointer, said}, refused)
	if d == nil {
		return
	}
	if d.status == nil {
		d.status = &statusDrift{fits: map[*entry]int{}, media: map[string]int{}}
	}
	d.status.media[said]++
	if known := s.document.At(place.Join(s.answer.pointer, "content")); known != nil && len(known.Content) > 1 {
		x := s.entry.Exchange
		x.Header = x.Header.Clone()
		x.Header.Set("Content-Type", known.Content[0].Value)
		if s.contract.Check(x).Verdict == contract.OK {
			d.status.fits[s.answer]++
		}
	}
	s.shapes(d, said)
}

// fitting is the entry whose schema all of the answers keep; nil if there is none.
func (d *drift) fitting(o *operation) *entry {
	all := o.sorted()
	i := slices.IndexFunc(all, func(e *entry) bool { return d.status.fits[e] == d.Exchanges })
	if i < 0 {
		return nil
	}
	return all[i]
}

// title is what a status is called; "" if it has no name.
func title(status string) string {
	var n int
	_, _ = fmt.Sscan(status, &n)
	return http.StatusText(n)
}
