// Package roughy reads renders of the Roughy video API and holds every answer to the documented contract.
package roughy

import _ "embed"

//go:embed openapi.yaml
var spec []byte

// Spec returns a copy of the contract, openapi.yaml, as this module was built with it.
func Spec() []byte { return append([]byte(nil), spec...) }
