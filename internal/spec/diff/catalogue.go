package diff

import "github.com/oasdiff/oasdiff/checker"

// RuleText describes a rule that a change can come under, and that a policy can name.
type RuleText struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"` // before a policy; a place where the rule does less harm can lower it
	Ours     bool     `json:"ours"`     // it is none of oasdiff's
	Meaning  string   `json:"meaning"`  // a phrase
	Client   string   `json:"client"`   // what follows for a client, as in Change
	Server   string   `json:"server"`   // what follows for a server
}

// Rules lists all rules: ours, then oasdiff's.
func Rules() []RuleText {
	var out []RuleText
	for _, r := range ourRules() {
		out = append(out, RuleText{r.id, r.severity, true, r.meaning, r.client, r.server})
	}
	say := checker.NewDefaultLocalizer()
	for _, r := range checker.GetAllRules() {
		if !versionRules[r.Id] {
			severity := judge(r.Id, r.Level)
			client, server := consequence(r.Rule, severity)
			out = append(out, RuleText{r.Id, severity, false, plainText(say(r.Description)), client, server})
		}
	}
	return out
}

// severityOf is oasdiff's level in our words.
func severityOf(level checker.Level) Severity {
	switch level {
	case checker.ERR:
		return Breaking
	case checker.WARN:
		return Warning
	}
	return Note
}
