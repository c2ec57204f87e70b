package roughy

// The first line is a gate: where the document does not load, or where its code cannot be made or compiled, none of the lines
// behind it runs and gen stays as it was.

//go:generate go run ./internal/spec/gate openapi.yaml gen/models.yaml gen/client.yaml gen/server.yaml
//go:generate go tool oapi-codegen -config gen/models.yaml openapi.yaml
//go:generate go tool oapi-codegen -config gen/client.yaml openapi.yaml
//go:generate go tool oapi-codegen -config gen/server.yaml openapi.yaml
