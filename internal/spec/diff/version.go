package diff

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/roughy-go/roughy/internal/secret"
)

// announced tells whether the step from one version to the other says that something breaks, and how, in words.
func announced(base, head string) (bool, string) {
	from, to := "v"+strings.TrimPrefix(base, "v"), "v"+strings.TrimPrefix(head, "v")
	base, head = fmt.Sprintf("%.40s", secret.Mask(base)), fmt.Sprintf("%.40s", secret.Mask(head))
	switch {
	case !semver.IsValid(from) || !semver.IsValid(to):
		return false, fmt.Sprintf("info.version %s, before it %s: only semantic versions, such as 1.2.3, can announce a break", head, base)
	case from == to:
		return false, fmt.Sprintf("info.version is still %s: a break wants %s", base, next(from))
	case semver.Compare(to, from) <= 0:
		return false, fmt.Sprintf("info.version goes back from %s to %s: a break wants %s", base, head, next(from))
	case semver.Major(from) != semver.Major(to), semver.Major(to) == "v0" && semver.MajorMinor(from) != semver.MajorMinor(to):
		return true, fmt.Sprintf("info.version goes from %s to %s, which announces breaks", base, head)
	}
	return false, fmt.Sprintf("info.version goes from %s to %s, which announces no break: that wants %s", base, head, next(from))
}

// next is the least version that announces a break after another.
func next(v string) string {
	var major, minor int
	_, _ = fmt.Sscanf(semver.MajorMinor(v), "v%d.%d", &major, &minor) // it is a valid version
	if major == 0 {
		return fmt.Sprintf("0.%d.0", minor+1)
	}
	return fmt.Sprintf("%d.0.0", major+1)
}
