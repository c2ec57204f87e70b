package diff

import (
	"strings"

	"github.com/oasdiff/oasdiff/checker"
)

// judgement is what is said of a rule.
type judgement struct {
	severity       Severity
	client, server string
}

// judge is oasdiff's severity of a rule, or a stricter one of ours.
func judge(id string, level checker.Level) Severity {
	if j, ok := stricter(id); ok {
		return max(j.severity, severityOf(level))
	}
	return severityOf(level)
}

// stricter are the rules that oasdiff takes for harmless, since what was valid stays valid, though clients or servers read it otherwise.
func stricter(id string) (judgement, bool) {
	side, what, _ := strings.Cut(id, "-")
	for _, about := range []string{"body-", "property-", "parameter-"} {
		what = strings.TrimPrefix(what, about)
	}
	if j, ok := ofBoth[what]; ok {
		return j, true
	}
	j, ok := ofOne[side+" "+what]
	return j, ok
}

var ofBoth = map[string]judgement{
	"discriminator-added":   {Warning, "has to choose by this member, and code generated from the document does", "has to choose by this member, and code generated from the document does"},
	"discriminator-removed": {Warning, "can no longer choose by this member", "can no longer choose by this member"},
	"discriminator-property-name-changed": {Breaking, "chooses by a member, or sends one, that no longer says which schema it is",
		"chooses by a member, or sends one, that no longer says which schema it is"},
	"discriminator-mapping-changed": {Breaking, "takes a word for another schema than is meant by it", "takes a word for another schema than is meant by it"},
}

var ofOne = map[string]judgement{
	"request discriminator-mapping-added":          {Note, "nothing follows: what it sends is still right", "has to know another word"},
	"request discriminator-mapping-deleted":        {Breaking, "has to change first: what it sends with this word may now be refused", "may refuse this word"},
	"response discriminator-mapping-added":         {Warning, "may get a word that it does not know", "may send it"},
	"response discriminator-mapping-deleted":       {Warning, "code generated from the document no longer knows this word, should it come", "may not send it any more"},
	"request default-value-changed":                {Breaking, "gets something else than before where it leaves this out", "has to read what is left out otherwise"},
	"request default-value-added":                  {Warning, "may get something else than before where it leaves this out", "has to read what is left out so"},
	"request default-value-removed":                {Warning, "may get something else than before where it leaves this out", "may read what is left out as it likes"},
	"response default-value-changed":               {Warning, "has to read an absent member otherwise", "means something else by leaving it out"},
	"response optional-property-became-write-only": {Warning, "never finds what it reads, which it had to expect", "may not send it any more"},
	"response required-property-became-write-only": {Breaking, "misses what it was promised", "may not send it any more"},
	"request required-property-became-not-read-only-in-openapi-31": {Warning, "may have to send what it left out: OpenAPI 3.1 does not say whether required asks for what is read-only",
		"may ask for it"},
}
