package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"gocloud.dev/gcerrors"
)

// known is an error of the libraries as one of ours, without what is theirs alone: keys, codes, URLs with queries, texts of a
// server. What is no error of theirs comes back as it is.
func known(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrNotFound), errors.Is(err, ErrUnreachable), errors.Is(err, errForeign):
		return err
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	if said, ok := errors.AsType[smithy.APIError](err); ok {
		return answered(status(err), said.ErrorCode())
	}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.HTTPStatusCode() != 0 {
		return answered(answer.HTTPStatusCode(), "")
	}
	if cause, ok := broken(err); ok {
		return fmt.Errorf("%w: %w", ErrUnreachable, cause)
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return plain(err)
}

// errForeign is a server that is none of S3.
var errForeign = errors.New("endpoint does not answer as S3 does: check endpoint in the bucket's URL, and its port")

func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

// answered is what S3 said, and what to do about it.
func answered(status int, code string) error {
	said := fmt.Sprintf("S3 answered %d %s", status, code)
	if code == "" {
		said = fmt.Sprintf("S3 answered %d", status)
	}
	switch {
	case code == "NoSuchBucket":
		return fmt.Errorf("%s: make the bucket first, or name another in the URL", said)
	case code == "NoSuchKey":
		return ErrNotFound
	case status < 300, status == http.StatusNotFound && (code == "" || code == "NotFound" || code == "UnknownError"): // no body of S3's
		return fmt.Errorf("%w: it answered %d", errForeign, status)
	case status >= 500, status == http.StatusTooManyRequests, code == "SlowDown", code == "RequestTimeout":
		return fmt.Errorf("%w: %s", ErrUnreachable, said)
	case status == http.StatusForbidden, status == http.StatusUnauthorized, code == "InvalidAccessKeyId":
		return fmt.Errorf("%s: check the credentials in the environment, what they allow, and this machine's clock", said)
	case status == http.StatusMovedPermanently, code == "PermanentRedirect", code == "AuthorizationHeaderMalformed":
		return fmt.Errorf("%s: check the region in the bucket's URL", said)
	}
	return errors.New(said)
}

// broken is the cause of a connection that was not to be had or that broke.
func broken(err error) (cause error, ok bool) {
	if sent, ok := errors.AsType[*url.Error](err); ok {
		return sent.Err, true // without the URL
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op, true
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF, true
	}
	return nil, false
}

// plain is what lies below the libraries' own errors, which tell keys and codes that mean nothing outside of them.
func plain(err error) error {
	type layer interface { // gocloud's, whose name is not exported
		Format(fmt.State, rune)
		Unwrap() []error
	}
	for {
		if op, ok := err.(*smithy.OperationError); ok {
			err = op.Err
			continue
		}
		l, ok := err.(layer)
		if !ok || len(l.Unwrap()) == 0 || l.Unwrap()[0] == nil {
			return err
		}
		err = l.Unwrap()[0]
	}
}
