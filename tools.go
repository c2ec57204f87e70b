//go:build ignore

// The generator, github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen, is pinned by the tool directive in go.mod and
// run by the lines in generate.go. It makes the models, the client and the server interface in gen from openapi.yaml.
//
// It is deliberately not imported here behind the usual "tools" tag: go mod tidy follows every tag but "ignore", and
// would put the generator's whole graph into the go.mod of everyone who imports this module.
package roughy
