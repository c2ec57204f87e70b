// Package cli is what both commands share of their command lines: where cobra's words for wrong usage need mending.
package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// KnowTopics makes help refuse what there is no help for, which cobra repeats, a key too, and takes for right usage.
func KnowTopics(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = func(_ *cobra.Command, args []string) error {
			_, _, err := root.Find(args)
			return err
		}
	}
}

// Suggested puts what cobra suggests instead of an unknown command behind it, from lines of its own.
func Suggested(text string) string {
	unknown, names, _ := strings.Cut(text, "\n\nDid you mean this?\n")
	return unknown + Meant(strings.Fields(names))
}

// Meant asks for one of names, if there are any.
func Meant(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return `: did you mean "` + strings.Join(names, `" or "`) + `"?`
}
