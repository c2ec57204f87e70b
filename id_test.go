package roughy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	for _, good := range []string{id.String(), strings.ToUpper(id.String())} {
		got, err := roughy.ParseID(good)
		require.NoError(t, err)
		require.Equal(t, id, got)
	}
	for name, bad := range map[string]string{
		"nothing": "", "a key": key, "no hyphens": strings.ReplaceAll(id.String(), "-", ""), "braces": "{" + id.String() + "}",
		"a URN": "urn:uuid:" + id.String(), "a space": id.String() + " ", "a URL": "https://api.roughy.ai/v1/renders/" + id.String(),
	} {
		_, err := roughy.ParseID(bad)
		require.ErrorContains(t, err, "want a UUID such as", name)
		noSecrets(t, err)
	}
}
