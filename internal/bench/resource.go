package main

import "fmt"

// resourceSchema is the schema of one kind of thing. It leads to the next in its circle.
func resourceSchema(i int) object {
	next := fmt.Sprintf("Resource%03d", i-i%circle+(i+1)%circle)
	return object{
		"type":        "object",
		"description": "One thing of its kind, as its owner sees it.",
		"required":    []any{"id", "name", "state", "created_at", "labels"},
		"properties": object{
			"id":          described("string", "The identifier that it is read by.", object{"format": "uuid"}),
			"name":        described("string", "What people call it.", object{"minLength": 1, "maxLength": 200}),
			"slug":        described("string", "What it is called in addresses.", object{"pattern": fmt.Sprintf("^r%d-[a-z0-9-]+$", i)}),
			"state":       described("string", "How far it has come.", object{"enum": []any{"new", "active", "paused", "closed"}}),
			"owner_email": described("string", "Who answers for it.", object{"format": "email"}),
			"homepage":    described("string", "Where more is told of it.", object{"format": "uri"}),
			"size":        described("integer", "How large it is, in bytes.", object{"format": "int64", "minimum": 0}),
			"weight":      described("number", "What it weighs beside others.", object{"minimum": 0, "exclusiveMaximum": 1000}),
			"enabled":     described("boolean", "Whether it takes part.", object{}),
			"created_at":  described("string", "The moment it was made.", object{"format": "date-time"}),
			"closed_at":   object{"type": []any{"string", "null"}, "format": "date-time", "description": "The moment it was closed."},
			"labels":      described("array", "Words to find it by.", object{"items": object{"type": "string"}, "uniqueItems": true}),
			"settings":    described("object", "Further wishes.", object{"additionalProperties": object{"type": "string"}}),
			"successor":   object{"description": "What comes after it.", "anyOf": []any{reference(next), object{"type": "null"}}},
		},
	}
}

func described(kind, description string, more object) object {
	more["type"], more["description"] = kind, description
	return more
}

func listSchema(name string) object {
	return object{
		"type":        "object",
		"description": "A page of them.",
		"required":    []any{"items"},
		"properties": object{
			"items": object{"type": "array", "items": reference(name), "maxItems": 100},
			"next":  object{"type": []any{"string", "null"}, "description": "Where the next page begins; null on the last."},
		},
		"additionalProperties": false,
	}
}

func problemSchema() object {
	return object{
		"type":     "object",
		"required": []any{"code", "message"},
		"properties": object{
			"code":    described("string", "What a program decides by.", object{}),
			"message": described("string", "What a person may be shown.", object{}),
		},
	}
}
