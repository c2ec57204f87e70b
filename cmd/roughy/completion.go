package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "Print a script that makes a shell complete commands, flags and their values",
		Long: `completion prints a script for a shell. Put the line of yours where it reads its settings, and start a new one:

  bash         source <(roughy completion bash)         # in ~/.bashrc, with the package bash-completion
  zsh          source <(roughy completion zsh)          # in ~/.zshrc, after compinit
  fish         roughy completion fish | source          # in ~/.config/fish/config.fish
  powershell   roughy completion powershell | Out-String | Invoke-Expression`,
		ValidArgsFunction: cobra.FixedCompletions(shells, cobra.ShellCompDirectiveNoFileComp),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return fmt.Errorf("one shell is needed: %s", strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return writeCompletion(cmd.Root(), args[0], cmd.OutOrStdout())
		},
	}
}

func writeCompletion(root *cobra.Command, shell string, w io.Writer) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	default:
		return root.GenPowerShellCompletionWithDesc(w)
	}
}

// completeFiles lets a shell complete names of files where a flag takes a file, as the name of its value says, and nowhere else.
func completeFiles(cmd *cobra.Command) {
	none := func(f *pflag.Flag) {
		if value, _ := pflag.UnquoteUsage(f); !strings.Contains(strings.ToLower(value), "file") {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions) // refuses where values are completed already
		}
	}
	cmd.Flags().VisitAll(none)
	cmd.PersistentFlags().VisitAll(none)
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
}
