package learn

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// ofHTTP are headers that speak of the message, the connection, the browser or what stands in between, as the registry of HTTP
// fields and the makers of proxies have them. Of the registered ones, those are candidates that say what a client of an API may do:
// Retry-After, RateLimit…, Deprecation, Sunset, Idempotency-Key. X-Request-Id is one too: an API gives it to its callers to ask about.
var ofHTTP = names(`
Accept Accept-Ch Accept-Charset Accept-Encoding Accept-Language Accept-Patch Accept-Post Accept-Query Accept-Ranges Age Allow Alt-Svc Alt-Used
Authentication-Info Cache-Control Cache-Status Cdn-Cache-Control Cdn-Loop Clear-Site-Data Close Connection Critical-Ch Date Delta-Base Digest
Dpr Early-Data Etag Expect-Ct Expires Forwarded From Host Im Keep-Alive Last-Modified Link Location Max-Forwards Mime-Version Nel Origin
Origin-Agent-Cluster P3p Permissions-Policy Pragma Preference-Applied Priority Proxy-Authenticate Proxy-Authentication-Info Proxy-Connection
Proxy-Status Public-Key-Pins Range Referer Referrer-Policy Refresh Report-To Reporting-Endpoints Repr-Digest Server Server-Timing Service-Worker-Allowed
Sourcemap Speculation-Rules Status Status-Uri Strict-Transport-Security Surrogate-Control Surrogate-Key Te Timing-Allow-Origin Tk Traceparent Traceresponse
Tracestate B3 Baggage Sentry-Trace Trailer Transfer-Encoding Upgrade Vary Via Want-Digest Warning Www-Authenticate
X-Aspnet-Version X-Aspnetmvc-Version X-Backend X-Backend-Server X-Cache X-Cacheable X-Cloud-Trace-Context X-Content-Type-Options
X-Dns-Prefetch-Control X-Download-Options X-Firefox-Spdy X-Forwarded-For X-Frame-Options X-Generator X-Hits X-Host X-Http2-Stream-Id
X-Permitted-Cross-Domain-Policies X-Pingback X-Powered-By X-Proxy-Cache X-Real-Ip X-Robots-Tag X-Runtime X-Served-By X-Server
X-Timer X-Ua-Compatible X-Xss-Protection`)

// between are how the headers begin that browsers, CDNs, clouds, proxies and tracing add.
var between = []string{
	"Access-Control-", "Akamai-", "Cdn-", "Cf-", "Content-", "Cross-Origin-", "Fastly-", "Fly-", "Sec-", "Server-", "Uber-Trace-",
	"X-Akamai-", "X-Amz-", "X-Amzn-", "X-Appengine-", "X-Azure-", "X-B3-", "X-Bunny", "X-Cache-", "X-Cdn", "X-Cloudfront-", "X-Datadog-",
	"X-Edge-", "X-Envoy-", "X-Fastly-", "X-Fd-", "X-Fly-", "X-Forwarded-", "X-Goog-", "X-Google-", "X-Guploader-", "X-Heroku-", "X-Kong-Proxy-",
	"X-Kong-Upstream-", "X-Kong-Response-", "X-Ms-", "X-Msedge-", "X-Netlify-", "X-Newrelic-", "X-Nf-", "X-Nginx-", "X-Ot-", "X-Proxy-", "X-Render-Origin-",
	"X-Sucuri-", "X-Tigris-", "X-Traefik-", "X-Varnish", "X-Vercel-", "X-Via-", "X-Webkit-", "X-Xss-", "X-Railway-", "Rndr-", "Railway-",
}

func names(list string) map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		out[name] = true
	}
	return out
}

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{1,63}$`)

// isCandidate tells whether a header can be a promise of the API. name is canonical.
func isCandidate(name string) bool {
	if ofHTTP[name] || secret.IsName(name) || !headerName.MatchString(name) || secret.IsMade(name) {
		return false
	}
	for _, front := range between {
		if strings.HasPrefix(name, front) {
			return false
		}
	}
	return true
}

// headers sees those of the answer that are not documented for the response at a place.
func (s *sighting) headers(response string) {
	for name, lines := range s.entry.Header {
		if !isCandidate(name) || s.documentsHeader(response, name) {
			continue
		}
		if d := s.crowded(key{Header, response, name}, "", mostNew, "so many new headers are made up for each answer"); d != nil && len(lines) > 0 {
			d.shape.header(lines[0])
		}
	}
}

func (s *sighting) documentsHeader(response, name string) bool {
	headers := s.document.At(place.Join(response, "headers"))
	for i := 0; headers != nil && i+1 < len(headers.Content); i += 2 {
		if http.CanonicalHeaderKey(headers.Content[i].Value) == name {
			return true
		}
	}
	return false
}

// header learns from the value of one.
func (s *shape) header(value string) {
	if s.types == nil {
		s.types = map[string]int{}
	}
	kind := "string"
	if _, err := strconv.ParseInt(value, 10, 64); err == nil {
		kind = "integer"
	}
	s.types[kind]++
	s.narrow(formatsOf(value))
}
