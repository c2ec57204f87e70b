package report

import (
	"strings"

	"github.com/roughy-go/roughy/internal/lifecycle"
)

// ruleText is what is said of a rule, whatever it was that broke it.
type ruleText struct {
	short string // a phrase
	full  string // a sentence: what is promised
	help  string // what to do about it
}

const (
	helpServer   = "Either the server is mended, or the document is, if the server is right."
	helpDocument = "If it is meant to be there, the document should say so; then it is judged like the rest."
	helpOurs     = "The rest of the answer was judged. What is said of it holds; nothing is said of this part."
)

// describe is the text of a rule: its own, or that of its family.
func describe(rule string) ruleText {
	if text, ok := ruleTexts()[rule]; ok {
		return text
	}
	for _, r := range lifecycle.Rules() {
		if r.ID == rule {
			return ruleText{short: r.Meaning, full: "The documentation says: " + r.Meaning + ". " + basis(r), help: helpServer}
		}
	}
	family, name, _ := strings.Cut(rule, ".")
	switch family {
	case "schema":
		return ruleText{
			short: "The value breaks " + name,
			full:  "The schema's keyword " + name + " does not allow what came at this place of the body.",
			help:  helpServer,
		}
	case "unchecked":
		return ruleText{short: "Not judged: " + name, full: "A part of the answer could not be judged.", help: helpOurs}
	default:
		return ruleText{short: rule, full: "The answer does not keep " + rule + ".", help: helpServer}
	}
}

func basis(r lifecycle.Rule) string {
	if r.Stated {
		return "It is stated there."
	}
	return "It is inferred from there, not stated, so it is a warning."
}

// ruleTexts has the rules of package contract, but for the families that describe knows, and those of the model.
func ruleTexts() map[string]ruleText {
	return map[string]ruleText{
		"operation": {"Undocumented operation",
			"No documented operation has this server, path and method.", "Document the operation, or stop calling it."},
		"status": {"Undocumented status",
			"The operation documents neither this status, nor its range, nor a default.", helpServer},
		"content-type": {"Undocumented content type",
			"A body has to come with a content type, and with one that is documented for its status.", helpServer},
		"charset": {"JSON in another charset",
			"JSON is UTF-8, whatever the charset parameter says.", "Leave the parameter out."},
		"header": {"Broken header",
			"A documented header is missing or breaks its schema, or Content-Length is not one number.", helpServer},
		"body": {"Body missing, unexpected or damaged",
			"A body has to be there exactly where the document declares one, as long as Content-Length says, and encoded as Content-Encoding says.", helpServer},
		"json-syntax": {"Not exactly one JSON value",
			"A JSON body is one value in valid UTF-8, with nothing behind it and no byte order mark before it.", helpServer},
		"json-duplicate": {"Member name twice",
			"An object has a member name only once; parsers disagree on which value counts.", helpServer},
		"undocumented-field": {"Undocumented member",
			"The body has a member that no schema names, and none says what becomes of others.", helpDocument},
		"write-only": {"Member that is for requests only",
			"The document marks this member as writeOnly, so no answer should have it.", helpServer},

		"unchecked.cap": {"Not judged: body over the cap",
			"The body is longer than the cap, as it came or once decoded.", "Raise the cap, if the body is meant to be that long."},
		"unchecked.budget": {"Not judged: bodies over the budget",
			"All bodies that were held for judging at once were longer than their budget.", "Raise the budget, or judge fewer exchanges."},
		"unchecked.cut": {"Not judged: connection broken",
			"The connection broke in the body, and no Content-Length says how long it was meant to be.", helpOurs},
		"unchecked.closed": {"Not judged: body not read to its end",
			"The body's reader closed it before its end.", "Read bodies to their end, if they are to be judged."},
		"unchecked.unrecorded": {"Not judged: body not recorded",
			"The recording leaves the body out.", "Record with bodies."},
		"unchecked.depth": {"Not judged: nested too deep",
			"Objects and arrays are nested over 10,000 levels deep.", helpOurs},
		"unchecked.content-encoding": {"Not judged: unknown Content-Encoding",
			"Only gzip, deflate and br can be undone.", helpOurs},
		"unchecked.media-type": {"Not judged: media type without a decoder",
			"The media type is documented, and nothing here decodes it.", helpOurs},
		"unchecked.number": {"Not judged exactly: extreme number",
			"A number has an exponent beyond 1000 or over 1000 characters, and was judged as its nearest ordinary neighbour.", helpOurs},
		"unchecked.schema": {"Not judged: schema that does not compile",
			"The schema does not compile, or leads back to itself.", "Mend the schema in the document."},
		"unchecked.pattern": {"Not judged: unknown pattern syntax",
			"The pattern uses what Go's regular expressions lack.", "Write the pattern without look-around and back-references."},
		"unchecked.format": {"Not judged: unknown format",
			"The format is not one that is known here.", "Use a format of JSON Schema or OpenAPI, or leave it out."},
		"unchecked.size": {"Not judged whole: too much to judge",
			"More is wrong in the body, or may be, than is worth the time.", helpOurs},
		"unchecked.internal": {"Not judged: internal fault",
			"Judging the answer came upon a fault of this program.", "Report it, with the document and the answer."},

		"model.range": {"Value that the model cannot hold",
			"The value keeps the contract and is beyond what the client's model can hold.", helpOurs},
		"model.type": {"Value that the model does not know",
			"The value keeps the contract and is of another type than the client's model has.", helpOurs},
	}
}
