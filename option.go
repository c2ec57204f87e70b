package roughy

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/link"
)

// DefaultBaseURL is the production host of the documentation's prose.
const DefaultBaseURL = "https://api.roughy.ai"

// longestKey is far more than a key needs, and less than servers take in a header.
const longestKey = 1024

// Option changes what NewClient makes.
type Option func(*settings)

type settings struct {
	baseURL    string
	httpClient *http.Client
	mode       Mode
	reports    func(Report)
	first, max time.Duration // pauses of Watch
	retry      RetryOptions
	log        *slog.Logger
}

// WithBaseURL is where the API is: https, or http on a loopback address, with or without a path in front of /v1, but not
// /v1 itself. Default: the environment's ROUGHY_BASE_URL, else DefaultBaseURL.
func WithBaseURL(base string) Option { return func(s *settings) { s.baseURL = base } }

// WithHTTPClient makes requests through a copy of hc. Its CheckRedirect is not used, because the API's redirects are not
// followed. Its Timeout is that of each attempt to read a render; 0 is none. Download uses its Transport alone: neither its Jar nor
// its Timeout, which would end a long download. Default: a client with http.DefaultTransport and a timeout of 30 seconds.
func WithHTTPClient(hc *http.Client) Option { return func(s *settings) { s.httpClient = hc } }

// WithMode says what happens to an answer that breaks the contract. Default: Enforce.
func WithMode(m Mode) Option { return func(s *settings) { s.mode = m } }

// WithReports calls f with the report of each answer that was judged, clean ones too, before the read returns. f is called
// from the goroutines that read. Default: nobody is told.
func WithReports(f func(Report)) Option { return func(s *settings) { s.reports = f } }

// WithPolling sets the pauses between the reads of Watch and Wait: about first at first and after each change, growing by half each
// time to about max. Each differs by up to a fifth at random, so that many clients spread out. Default: 250 ms and 5 s.
func WithPolling(first, max time.Duration) Option {
	return func(s *settings) { s.first, s.max = first, max }
}

// WithRetry says when to ask again for what did not come. Default: RetryOptions{}, five attempts within two minutes.
func WithRetry(o RetryOptions) Option { return func(s *settings) { s.retry = o } }

// WithLogger logs to l: each answer at level Debug, each further attempt at Info, and answers that break the contract at Warn. What
// is logged holds ids, states, statuses, hosts and rules, and neither the key nor the query of a link. Default: nothing is logged.
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

func newSettings(opts []Option) (settings, error) {
	s := settings{first: 250 * time.Millisecond, max: 5 * time.Second}
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	if s.httpClient == nil {
		s.httpClient = &http.Client{Timeout: 30 * time.Second}
	}
	if s.reports == nil {
		s.reports = func(Report) {}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.first <= 0 || s.max < s.first {
		return s, fmt.Errorf("polling from %v to %v: want 0 < first <= max", s.first, s.max)
	}
	if s.mode < contract.Enforce || s.mode > contract.Off {
		return s, fmt.Errorf("mode %d: want Enforce, ReportOnly or Off", s.mode)
	}
	var err error
	s.retry, err = s.retry.withDefaults()
	return s, err
}

// base is where the API is, checked, without a slash at its end.
func (s settings) base() (*url.URL, error) {
	text, from := s.baseURL, "base URL"
	if text == "" {
		text, from = os.Getenv("ROUGHY_BASE_URL"), "ROUGHY_BASE_URL"
	}
	if text == "" {
		text = DefaultBaseURL
	}
	if !strings.Contains(text, "://") {
		return nil, fmt.Errorf("%s: no scheme: want %s", from, schemeFor(text))
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: not a URL", from) // the parser's words repeat the text, which may hold a password
	}
	if err := checkBase(u); err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// schemeFor is what may have been meant by a text without a scheme. It repeats a loopback address alone: all else may be a
// password.
func schemeFor(text string) string {
	if u, err := url.Parse("http://" + text); err == nil && link.Loopback(u) {
		return "http://" + u.Host + " (or https://HOST)"
	}
	return "https://HOST"
}

func checkBase(u *url.URL) error {
	switch {
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return errors.New("want https://HOST")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("want no user, query or fragment in it")
	case u.Scheme == "http" && !link.Loopback(u):
		return errors.New("http would send the API key in clear: want https, or a loopback address")
	case path.Base(u.Path) == "v1":
		return errors.New("it ends in /v1: want the part before /v1")
	default:
		return nil
	}
}

// keyOf is the key to send: the one given or, if that is "", the environment's. Its errors never repeat it.
func keyOf(key string) (string, error) {
	from := "API key"
	if key == "" {
		key, from = os.Getenv("ROUGHY_API_KEY"), "ROUGHY_API_KEY"
	}
	switch {
	case key == "":
		return "", errors.New("no API key: give one or set ROUGHY_API_KEY")
	case len(key) > longestKey:
		return "", fmt.Errorf("%s: %d bytes long, want at most %d", from, len(key), longestKey)
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", fmt.Errorf("%s: holds a space, a line break or another character that no key has", from)
	default:
		return key, nil
	}
}
