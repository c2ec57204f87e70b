package diff

import "fmt"

// Severity is what a change does at worst. The values are ordered.
type Severity int

const (
	Note     Severity = iota // nothing that was right before can fail
	Warning                  // it may break something, or nobody can tell
	Breaking                 // a client that was right before can fail
)

// String is the severity's lower-case word, as it is written in JSON and in a policy.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Breaking:
		return "breaking"
	}
	return fmt.Sprintf("severity %d", int(s))
}

// MarshalText writes the word of String.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Change is one change, and what follows from it.
type Change struct {
	Rule      string      `json:"rule"`      // stable id: oasdiff's, or one of ours
	Severity  Severity    `json:"severity"`  // after the policy
	Judged    Severity    `json:"judged"`    // before the policy
	Operation string      `json:"operation"` // such as GET /v1/renders/{render_id}; "" if it is of none in particular
	Text      string      `json:"text"`      // what was changed
	Client    string      `json:"client"`    // what follows for a client that was written for base
	Server    string      `json:"server"`    // what follows for a server that keeps base
	Base      Place       `json:"base"`
	Head      Place       `json:"head"`
	Tolerated *Toleration `json:"tolerated"` // null if no policy speaks of it
}

// Place is where a change is in one of the documents: where it is not written there, the nearest that is around it.
type Place struct {
	Pointer  string `json:"pointer"`
	Position string `json:"position"` // file:line:column
	There    bool   `json:"there"`    // what the change is about is written there
}

// Toleration is why a change is no worse than its severity.
type Toleration struct {
	Reason   string `json:"reason"`
	Position string `json:"position"` // in the policy
}
