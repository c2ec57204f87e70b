package intercept

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
)

// unanswered is why no answer came. It says nothing that upstream sent, which net/http's own errors quote.
func unanswered(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) {
		if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
			return fmt.Errorf("no answer: %w", cause)
		}
		return gone{}
	}
	if network, ok := errors.AsType[*net.OpError](err); ok {
		if network.Op == "proxyconnect" { // it quotes the other proxy
			return errors.New("no way to upstream through the proxy that the environment names")
		}
		return fmt.Errorf("no answer from upstream: %w", network) // of addresses, and what the system says
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return errors.New("no answer from upstream in time")
	}
	if untrusted, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("no answer from upstream: %w", untrusted)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("connection to upstream closed before an answer")
	}
	return errors.New("no answer from upstream that can be read")
}

// gone is a client that did not wait.
type gone struct{}

// Error implements error.
func (gone) Error() string { return "client gone before an answer" }

// Is makes it context.Canceled.
func (gone) Is(target error) bool { return target == context.Canceled }
