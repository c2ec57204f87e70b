package roughy_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// sights are the lines of one row.
type sights []sight

// sight is what a caller sees of a fault, once.
type sight struct {
	requests string // how many were made
	sees     string // in a word or two
	text     string // of the error; "" if there is none
}

// seen is what a caller sees who got an error, or else what was asked for.
func (s *scene) seen(began time.Time, requests, good string, err error) sight {
	at := sight{requests: requests, sees: good}
	if err != nil {
		s.mu.Lock()
		s.errs = append(s.errs, err)
		s.mu.Unlock()
		at.sees, at.text = strings.Join(kinds(err), ", "), s.named(err.Error())
	}
	if asked := s.fault.pauses; asked > 0 {
		all := s.witness.pauses()
		require.NotEmpty(s, all)
		require.GreaterOrEqual(s, slices.Min(all), asked)
		require.LessOrEqual(s, slices.Max(all), asked*11/10+1)
		at.sees += "; pauses of " + asked.String() + " to " + (asked * 11 / 10).String()
	}
	switch took := time.Since(began); {
	case s.timed && took == 0:
		at.sees += "; at once"
	case s.timed:
		at.sees += "; after " + took.String()
	}
	return at
}

// known are the errors that a caller may look for.
var known = []struct {
	name string
	is   error
}{
	{"ErrNotFound", roughy.ErrNotFound}, {"ErrUnauthenticated", roughy.ErrUnauthenticated}, {"ErrRateLimited", roughy.ErrRateLimited},
	{"context.Canceled", context.Canceled}, {"context.DeadlineExceeded", context.DeadlineExceeded},
	{"io.EOF", io.EOF}, {"io.ErrUnexpectedEOF", io.ErrUnexpectedEOF}, {"io.ErrShortWrite", io.ErrShortWrite}, {"fs.ErrExist", fs.ErrExist},
	{"fs.ErrNotExist", fs.ErrNotExist}, {"syscall.ECONNREFUSED", syscall.ECONNREFUSED}, {"syscall.ECONNRESET", syscall.ECONNRESET},
	{"syscall.ENOSPC", syscall.ENOSPC}, {"syscall.EFBIG", syscall.EFBIG},
}

// kinds are what errors.As and errors.Is find in an error.
func kinds(err error) (names []string) {
	if said, ok := errors.AsType[*roughy.Error](err); ok {
		name := "*Error " + said.Code
		if said.Status != 0 {
			name = fmt.Sprintf("*Error %d %s", said.Status, said.Code)
		}
		if said.RetryAfter > 0 {
			name += ", RetryAfter " + said.RetryAfter.String()
		}
		names = append(names, name)
	}
	if broken, ok := errors.AsType[*roughy.ContractError](err); ok {
		var rules []string
		for _, f := range broken.Report.Findings {
			rules = append(rules, f.Rule)
		}
		names = append(names, "*ContractError "+strings.Join(slices.Compact(rules), " "))
	}
	if errors.As(err, new(*net.DNSError)) {
		names = append(names, "*net.DNSError")
	}
	if errors.As(err, new(*tls.CertificateVerificationError)) {
		names = append(names, "*tls.CertificateVerificationError")
	}
	for _, k := range known {
		if errors.Is(err, k.is) {
			names = append(names, k.name)
		}
	}
	if names == nil {
		return []string{"an error"}
	}
	return names
}

// address is what differs from one run to the next in a text, beside the hosts.
var address = regexp.MustCompile(`(?: on )?\d+\.\d+\.\d+\.\d+:\d+(?:->)?`)

// down is the address of no host.
var down = regexp.MustCompile(`127\.0\.0\.9:\d+`)

// named is a text with names for the hosts and the render.
func (s *scene) named(text string) string {
	text = down.ReplaceAllString(text, nobodyHost)
	for host, base := range s.urls {
		_, at, _ := strings.Cut(base, "://")
		text = strings.ReplaceAll(text, at, host)
	}
	if s.folder != "" {
		text = strings.ReplaceAll(text, s.folder, "FOLDER")
	}
	text = strings.ReplaceAll(text, id.String(), "ID")
	return address.ReplaceAllString(text, "")
}
