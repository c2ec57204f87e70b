package roughy

//go:generate go tool oapi-codegen -config gen/models.yaml openapi.yaml
//go:generate go tool oapi-codegen -config gen/client.yaml openapi.yaml
//go:generate go tool oapi-codegen -config gen/server.yaml openapi.yaml
