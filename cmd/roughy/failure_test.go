package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	main "github.com/roughy-go/roughy/cmd/roughy"
)

func TestCleanTakesSecretsOut(t *testing.T) {
	t.Setenv("ROUGHY_API_KEY", "a key of an unusual kind")
	for name, c := range map[string]struct{ text, want string }{
		"nothing to hide":           {"404 not_found: There is no such render.", "404 not_found: There is no such render."},
		"a word that ends like one": {"disk_full, task_id", "disk_full, task_id"},
		"a key":                     {`unknown command "sk_live_1-2" for "roughy"`, `unknown command "…" for "roughy"`},
		"a key in a path":           {"open /home/me/sk_live_12/x: no such file", "open /home/me/…/x: no such file"},
		"a key of the environment":  {"refused: a key of an unusual kind.", "refused: …."},
		"a signed link":             {`Get "https://s.example/a?X-Amz-Signature=1&b=2": EOF`, `Get "https://s.example/a?…": EOF`},
		"a password":                {"parse https://me:pa55@s.example/a: bad", "parse https://…@s.example/a: bad"},
		"what steers a terminal":    {"a\x1b[2Jb\nc", `a\x1b[2Jb\nc`},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, main.Clean(c.text)) })
	}
}
