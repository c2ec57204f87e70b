package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/roughy-go/roughy"
)

// needShell makes completion refuse to go without a shell that it knows, where cobra prints a help text and succeeds.
func needShell(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		missing := func(*cobra.Command, []string) error {
			return errors.New("one shell is needed: bash, zsh, fish, powershell")
		}
		completion.Args, completion.RunE = missing, missing
	}
}

// completeValues lets a shell complete the values that a flag knows, folders where one is asked for, and else nothing; files only
// where an argument is one.
func completeValues(cmd *cobra.Command) {
	values := map[string][]cobra.Completion{
		"format":        {"text", "json"},
		"output-format": {string(roughy.FormatMP4), string(roughy.FormatMOV), string(roughy.FormatM4A), string(roughy.FormatMP3)},
		"resolution":    {string(roughy.Resolution720p), string(roughy.Resolution1080p), string(roughy.Resolution4K)},
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		directive := cobra.ShellCompDirectiveNoFileComp
		if f.Name == "data" {
			directive = cobra.ShellCompDirectiveFilterDirs
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values[f.Name], directive)) // refuses unknown flags only
	})
	if cmd.ValidArgsFunction == nil && !strings.HasSuffix(cmd.Use, "FILE") {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range cmd.Commands() {
		completeValues(sub)
	}
}
