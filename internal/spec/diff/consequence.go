package diff

import (
	"slices"

	"github.com/oasdiff/oasdiff/checker/metaschema"
	"github.com/oasdiff/oasdiff/checker/rules"
)

// consequence says what follows from a rule's change, for a client that was written for base and for a server that keeps base. It
// is read off what oasdiff says of the rule: the side that it judges, and whether more is allowed than before, or less.
func consequence(r rules.Rule, s Severity) (client, server string) {
	if special, ok := specials[r.Id]; ok {
		return special[0], special[1]
	}
	if j, ok := stricter(r.Id); ok {
		return j.client, j.server
	}
	if r.Effect == rules.EffectViolation {
		return "was not told in good time", "breaks the rules of deprecation"
	}
	if r.Direction == rules.DirectionNone {
		return ofNeither(r)
	}
	if r.Effect == rules.EffectNone && r.Kind == rules.KindLifecycle {
		return "nothing follows yet", nothing
	}
	if r.Direction == rules.DirectionRequest {
		return ofRequest(r, s)
	}
	return ofResponse(r, s)
}

// specials are the rules whose metadata say too little.
var specials = map[string][2]string{
	"api-operation-id-removed":                      {"code generated from the document calls it by another name", "code generated from the document calls it by another name"},
	"api-operation-id-added":                        {"code generated from the document calls it by another name", "code generated from the document calls it by another name"},
	"api-schema-removed":                            {"code generated from the document loses a type", "code generated from the document loses a type"},
	"response-optional-property-added":              {"nothing follows: it may read the new member, and need not", "may send it"},
	"response-optional-property-removed":            {"may find that what it reads is never there, which it had to expect", "need not send it"},
	"response-optional-write-only-property-added":   {nothing, nothing},
	"response-optional-write-only-property-removed": {nothing, nothing},
	"response-required-property-added":              {"nothing follows: it may rely on the new member", "has to send it: an answer without it breaks the contract"},
}

func ofResponse(r rules.Rule, s Severity) (client, server string) {
	if slices.Contains(r.Guards, rules.GuardNegotiated) {
		if r.Effect == rules.EffectNarrows && s > Note {
			return "no longer gets what it may have relied on", "no longer has to offer it"
		}
		return "nothing follows: it had to expect this", "may do so, and need not"
	}
	switch r.Effect {
	case rules.EffectWidens:
		if s == Note {
			return "nothing follows in answers that it gets", "may send more than before"
		}
		return surprise(r), "nothing follows: what it sends is still right"
	case rules.EffectNarrows:
		return "nothing follows: what may come could come before", "has to keep to it: an answer that was right may now break the contract"
	case rules.EffectIncomparable:
		return "gets what it does not expect, and misses what it does", "has to change what it sends"
	case rules.EffectUnknown:
		return "may get what could not come before: nobody can tell", "may have to change what it sends"
	}
	return nothing, nothing
}

// surprise is what comes to a client that could not come before.
func surprise(r rules.Rule) string {
	switch r.Kind {
	case rules.KindExistence:
		if slices.Contains(r.Actions(), metaschema.ActionRemove) {
			return "misses what it was promised"
		}
		return "may get a part that it does not know"
	case rules.KindRequiredness:
		return "may find nothing, or null, where there always was a value"
	case rules.KindType:
		return "may get a value of another type or format"
	case rules.KindConstraints:
		return "may get a value beyond the bounds that it was promised"
	case rules.KindValues:
		return "may get a value that it does not know"
	}
	return "may get what could not come before"
}

func ofRequest(r rules.Rule, s Severity) (client, server string) {
	switch r.Effect {
	case rules.EffectNarrows:
		if s == Note {
			return "nothing follows for what it sends", nothing
		}
		return "has to change first: a request that was right may now be refused", "may refuse what it had to accept"
	case rules.EffectWidens:
		return "nothing follows: what it sends is still right", "has to accept more than before"
	case rules.EffectIncomparable:
		return "has to change: a request that was right is now refused", "has to accept what it refused, and may refuse what it accepted"
	case rules.EffectUnknown:
		return "may have to change what it sends: nobody can tell", "may have to accept what it refused"
	}
	return nothing, nothing
}

// ofNeither is of what is no part of a request or a response: operations, security, components.
func ofNeither(r rules.Rule) (client, server string) {
	security := r.Area == rules.AreaSecurity
	switch {
	case r.Effect == rules.EffectNarrows && security:
		return "is refused with the credentials that it has", "may refuse credentials that it had to accept"
	case r.Effect == rules.EffectNarrows:
		return "is refused where it was served", "need not serve it any more"
	case r.Effect == rules.EffectWidens && security:
		return "nothing follows: its credentials are still right", "has to accept other credentials too"
	case r.Effect == rules.EffectWidens:
		return "nothing follows: it may use it", "has to serve it"
	case r.Effect == rules.EffectIncomparable:
		return "has to change: what it sends is refused", "has to change what it accepts"
	case r.Effect == rules.EffectUnknown:
		return "may have to change: nobody can tell", "may have to change"
	}
	return nothing, nothing
}
