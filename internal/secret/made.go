package secret

import (
	"regexp"

	"github.com/google/uuid"
)

var (
	longHex = regexp.MustCompile(`(?i)[0-9a-f]{12,}`)
	digits  = regexp.MustCompile(`[0-9]{5,}`)
	mixed   = regexp.MustCompile(`[a-z][0-9]+[a-z]+[0-9]|[A-Z][a-z0-9]*[A-Z][a-z]*[0-9]|[0-9][A-Za-z]+[0-9]+[A-Za-z]`)
	// issued is how keys begin that well-known services give out.
	issued = regexp.MustCompile(`^(?:(?i:gh[oprsu]_|github_pat_|glpat-|whsec_|[prs]k_|xox[a-z]-|npm_|dop_v1_|shp[a-z]{2}_|pypi-)|eyJ|AKIA|ASIA|AIza|SG\.|ya29\.)`)
)

// IsMade tells a text that a machine made up rather than a person: an id, a hash, a key. Words, and names of members, do not look like
// that; a password may look like a word.
func IsMade(text string) bool {
	return IsID(text) || mixed.MatchString(text) || issued.MatchString(text)
}

// IsID is IsMade for a name, in which a letter may stand beside a digit anywhere.
func IsID(text string) bool {
	return longHex.MatchString(text) || digits.MatchString(text) || isShortID(text) || uuid.Validate(text) == nil
}
