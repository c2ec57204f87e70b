// Package roughy reads renders of the Roughy video API and holds every answer to the documented contract.
//
// Start with NewClient and Client.Wait:
//
//	client, err := roughy.NewClient("") // the key is in ROUGHY_API_KEY
//	render, err := client.Wait(ctx, id) // returns when the render is completed or failed
//
// Render reads a render, Watch tells each change, Download and DownloadFile fetch the output. Ids are UUIDs; ParseID reads one.
//
// # Checking
//
// The raw bytes of each answer are judged against openapi.yaml (Spec) before they are decoded, and then by the rules that
// the documentation states in prose, such as that a render's id is the one asked for. In Enforce, the default, a Client
// hands out only what kept the contract: a violation, and what cannot be judged, is a *ContractError. In ReportOnly it
// hands out what can be decoded, and WithReports is told what is wrong. A new member or a broken promise that is only
// inferred is a warning in both. What the contract allows and Go's types cannot hold is unchecked: model.range for a
// bitrate beyond int, model.type for a value of another type, which ReportOnly and Off get to decode; in Off too, which
// judges nothing else, these are a *ContractError. Whatever is valid decodes to the value
// that was judged: 1e3 is an integer, and a leap second is the first instant of the second after it. Times are in UTC, or in
// the zone they were written in where UTC leaves the years 0 to 9999, beyond which encoding/json prints none.
//
// # Retries
//
// What did not come is asked for again: after connection errors and the statuses 408, 425, 429, 500, 502, 503 and 504, after pauses
// that double from half a second to 8 s, by half at random, at most five times in two minutes (WithRetry). A Retry-After in either
// form is obeyed up to a minute; what asks for more, like what would come after the context's deadline, ends the attempts at
// once. The error is the last attempt's, in which errors.As finds the last *Error there was, with its status and code, even where
// the context ended or the connection broke after it. An answer that says no, or that breaks the contract, is not asked for again.
//
// # Polling
//
// Watch and Wait read at once, then after pauses that grow from 250 ms to 5 s and are short again after each change (WithPolling);
// a Retry-After makes them longer. They end at a terminal state, at the first error that retries did not cure, or with their
// context, which is the only limit of time.
//
// # Downloads
//
// A link is short-lived, so Download reads the render for a fresh one rather than keep it. It follows at most 5 redirects, never
// from https to http, and takes an http link only from an API on this machine. It goes on where a connection was cut, for as long
// as bytes come, and never writes more bytes than the render promises. DownloadFile gives a file its name when it is whole, and
// goes on from what an earlier one left.
//
// # Errors
//
// Each error says what was being done and what to do next. *Error is what the API or a link's host answered instead of what
// was asked for; errors.Is finds ErrNotFound, ErrUnauthenticated, ErrRateLimited and ErrContract. A render that failed is
// data, in Render.Failure. Where the API's answer was no error envelope, Error.Code is one of ours: unexpected_answer,
// redirect_refused, answer_too_long; and from downloads not_completed, render_failed, no_link, link_insecure,
// link_failed, link_expired, length_mismatch, output_changed, connection_cut.
//
// # Observing
//
// WithLogger logs each attempt, WithReports is told each verdict, and a transport given to WithHTTPClient sees each request, also
// those for links, whose queries are secrets.
//
// # Secrets
//
// The API key is sent to the base URL's host alone: redirects of the API are not followed, and a link's host never sees it.
// Neither the key nor the query of a link is in any error, log or report, nor in what a Client or a Render prints. The field
// Render.DownloadURL is the whole link.
//
// # Generating
//
// Whoever wants code of another shape makes it from the contract, in their own module, which pins a generator:
//
//	go get -tool github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen
//
// A program, spec.go, writes the contract down as the version of this module that they build with has it:
//
//	//go:build ignore
//
//	package main
//
//	import (
//		"log"
//		"os"
//
//		"github.com/roughy-go/roughy"
//	)
//
//	func main() {
//		if err := os.WriteFile("openapi.yaml", roughy.Spec(), 0o644); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// Two lines in a file of the package around it run that and the generator, whose configuration may be one like those in this
// module's folder gen. It works without a network once the modules are in the cache.
//
//	//go:generate go run spec.go
//	//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//
// # Compatibility
//
// Rule ids and error codes are stable. A state that is not documented yet is a violation; in ReportOnly it is handed on
// and is not terminal.
package roughy

import _ "embed"

//go:embed openapi.yaml
var spec []byte

// Spec returns a copy of the contract, openapi.yaml, as this module was built with it.
func Spec() []byte { return append([]byte(nil), spec...) }
