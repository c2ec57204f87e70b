package store

import (
	"context"
	"crypto/tls"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// trouble says what a person can do about an error of a Postgres server, from the code that it answered with, or from how it was
// not to be reached. Trouble with any other server has no wireError.
func (d *server) trouble(err error) string {
	refused, unreachable := errors.AsType[*pgconn.ConnectError](err)
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		text := d.answered(answer)
		if text == "" && unreachable {
			text = d.name() + " refuses connections: " + answer.Message + "; check the settings in its address"
		}
		return text
	}
	if errors.Is(err, context.Canceled) {
		return ""
	}
	if unreachable && strings.Contains(refused.Unwrap().Error(), "server refused TLS connection") { // pgx has no value for it
		return d.name() + " speaks no TLS: turn ssl on at the server, or set sslmode=disable in its address where nobody listens in"
	}
	if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted {
		return d.name() + " has a certificate that is not trusted: check it, the host in its address, and sslrootcert"
	}
	_, broken := errors.AsType[wireError](err)
	if unreachable || broken || errors.Is(err, pgconn.ErrConnClosed) {
		return d.name() + " cannot be reached: check that the server runs, and its address"
	}
	return ""
}

// answered is "" for a code that is nobody's trouble but ours. The codes are in PostgreSQL's Appendix A.
func (d *server) answered(answer *pgconn.PgError) string {
	switch answer.Code {
	case "28P01", "28000": // invalid_password, invalid_authorization_specification
		return d.name() + " lets user " + strconv.Quote(d.config.User) + " not in: check user, password and pg_hba.conf"
	case "3D000": // invalid_catalog_name
		return d.name() + " does not exist: make it with createdb"
	case "42501": // insufficient_privilege
		return d.name() + " lets user " + strconv.Quote(d.config.User) + " not make or use its tables: make it the database's owner"
	case "53100": // disk_full
		return d.name() + " has no space left on its disk: free some"
	case "53300": // too_many_connections
		return d.name() + " has no connection left: raise its max_connections, or run fewer processes"
	case "25006": // read_only_sql_transaction
		return d.name() + " is read-only: name the primary server"
	case "57P01", "57P02", "57P03": // admin_shutdown, crash_shutdown, cannot_connect_now
		return d.name() + " is being stopped or started: try again"
	}
	if strings.HasPrefix(answer.Code, "58") { // the server's own system
		return d.name() + " cannot be read or written: check the server's disk and its log"
	}
	return ""
}
