// Package ogen says how the code that ogen makes from our documents comes about: models, their decoders and their
// validators, nothing of a client or a server. Nothing below is written by hand.
//
// ogen takes openapi.yaml and testdata/event.yaml as they are. Its version is the one that go.mod pins.
package ogen

//go:generate go tool ogen -config ogen.yml -clean -package render -target render ../../../openapi.yaml
//go:generate go tool ogen -config ogen.yml -clean -package event -target event ../testdata/event.yaml
