package main

import (
	"encoding/json"
	"fmt"
)

// object is a JSON object in the making. Its members are written in the order of their names, so the document is always
// the same.
type object = map[string]any

// resources is how many kinds of things the large document knows: two operations and two schemas each, and a million bytes
// in all. They refer to one another in circles of ten: libopenapi renders each schema with all that it leads to, and for
// one circle of all needs over 20 GB.
const resources, circle = 220, 10

// largeDocument is an OpenAPI document of about 1 MB, as a big API's is: many operations much like each other, schemas
// that refer to one another, and prose.
func largeDocument() ([]byte, error) {
	paths, schemas := object{}, object{"Problem": problemSchema()}
	for i := range resources {
		name := fmt.Sprintf("Resource%03d", i)
		paths[fmt.Sprintf("/v1/resources%03d", i)] = object{"get": operation("list"+name, name+"List", queryParameters())}
		paths[fmt.Sprintf("/v1/resources%03d/{id}", i)] = object{"get": operation("read"+name, name, pathParameters())}
		schemas[name] = resourceSchema(i)
		schemas[name+"List"] = listSchema(name)
	}
	return json.MarshalIndent(object{
		"openapi":    "3.1.0",
		"info":       object{"title": "A large API", "version": "1.0.0"},
		"servers":    []any{object{"url": "https://api.roughy.ai"}},
		"paths":      paths,
		"components": object{"schemas": schemas},
	}, "", " ")
}

func operation(id, schema string, parameters []any) object {
	return object{
		"operationId": id,
		"summary":     "Read what " + schema + " stands for",
		"description": "Gives the current state of what is asked for, if the key's owner may see it, and a problem otherwise.",
		"parameters":  parameters,
		"responses": object{
			"200":     response("What was asked for.", schema),
			"default": response("Any failure.", "Problem"),
		},
	}
}

func response(description, schema string) object {
	return object{
		"description": description,
		"content":     object{"application/json": object{"schema": reference(schema)}},
	}
}

func pathParameters() []any {
	return []any{object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string", "format": "uuid"}}}
}

func queryParameters() []any {
	return []any{
		object{"name": "limit", "in": "query", "schema": object{"type": "integer", "minimum": 1, "maximum": 100}},
		object{"name": "after", "in": "query", "schema": object{"type": "string", "maxLength": 64}},
	}
}

func reference(schema string) object { return object{"$ref": "#/components/schemas/" + schema} }
