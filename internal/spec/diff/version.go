package diff

import (
	"cmp"
	"fmt"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// quoted refuses a version that YAML takes for a number, such as 1.10, which is 1.1.
func quoted(d *place.Document) error {
	n := place.Member(d.At("/info"), "version")
	if n == nil || n.ShortTag() != "!!float" && n.ShortTag() != "!!int" {
		return nil
	}
	return fmt.Errorf("%s: info.version is the number %.40s, and has to be a text: put it in quotes", d.Position("/info/version"), n.Value)
}

// announced tells whether the step from one version to the other says that something breaks, and how, in words.
func announced(base, head string) (bool, string) {
	from, to := "v"+strings.TrimPrefix(base, "v"), "v"+strings.TrimPrefix(head, "v")
	base, head = told(base), told(head)
	step := fmt.Sprintf("info.version goes from %s to %s", base, head)
	switch {
	case !semver.IsValid(from) || !semver.IsValid(to):
		return false, fmt.Sprintf("info.version %s, before it %s: only semantic versions, such as 1.2.3, can announce a break", head, base)
	case from == to:
		return false, fmt.Sprintf("info.version is still %s: a break wants %s", base, next(from))
	case semver.Compare(to, from) == 0:
		return false, fmt.Sprintf("%s, which is the same version but for its build or its writing: a break wants %s", step, next(from))
	case semver.Compare(to, from) < 0:
		return false, fmt.Sprintf("info.version goes back from %s to %s: a break wants %s", base, head, next(from))
	case semver.Major(from) != semver.Major(to), semver.Major(to) == "v0" && semver.MajorMinor(from) != semver.MajorMinor(to):
		return true, step + ", which announces breaks"
	case open(from) && core(from) == core(to):
		return true, step + ": that was a pre-release of a version that may break, and promised nothing yet"
	}
	return false, fmt.Sprintf("%s, which announces no break: that wants %s", step, next(from))
}

// told is a version in a sentence.
func told(version string) string {
	return cmp.Or(fmt.Sprintf("%.40s", secret.Mask(version)), "(empty)")
}

// core is a version without what makes it a pre-release, and without its build.
func core(v string) string { return strings.TrimSuffix(semver.Canonical(v), semver.Prerelease(v)) }

// open tells whether a version is a pre-release of one that announces breaks.
func open(v string) bool {
	breaks := strings.HasSuffix(core(v), ".0.0") || semver.Major(v) == "v0" && strings.HasSuffix(core(v), ".0")
	return breaks && semver.Prerelease(v) != ""
}

// next is the least release that announces a break after a version.
func next(v string) string {
	var major, minor int
	_, _ = fmt.Sscanf(semver.MajorMinor(v), "v%d.%d", &major, &minor) // it is a valid version
	switch {
	case open(v):
		return core(v)[1:]
	case major == 0:
		return fmt.Sprintf("0.%d.0", minor+1)
	}
	return fmt.Sprintf("%d.0.0", major+1)
}
