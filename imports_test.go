package roughy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/roughy-go/roughy"

// directions says what of ours each package may import; "." is the root. Only commands and tests wire everything.
var directions = []struct{ sentence, from, to string }{
	{"gen imports nothing of ours", "gen", ""},
	{"secret knows texts alone", "internal/secret", ""},
	{"contract knows nothing of renders", "internal/contract", "internal/secret"},
	{"the contract's suite makes up exchanges", "internal/contract/contracttest", "internal/contract"},
	{"decode reads judged bytes into the model", "internal/decode", "gen internal/contract"},
	{"lifecycle judges generated renders in findings", "internal/lifecycle", "gen internal/contract internal/decode"},
	{"intercept judges by the contract", "internal/intercept", "internal/contract"},
	{"the hostile upstream knows sockets alone", "internal/faulttest", ""},
	{"traffic feeds the contract, and writes out clean", "internal/traffic", "internal/contract internal/secret"},
	{"report projects findings", "internal/report", "internal/contract internal/lifecycle"},
	{"place knows the document as it is written", "internal/spec/place", ""},
	{"lint looks at the document alone", "internal/spec/lint", "internal/contract internal/secret internal/spec/place"},
	{"diff looks at two documents", "internal/spec/diff", "internal/contract internal/secret internal/spec/place"},
	{"overlay edits any document", "internal/spec/overlay", "internal/secret"},
	{"learn holds traffic to the document", "internal/spec/learn", "internal/contract internal/secret internal/traffic internal/spec/overlay internal/spec/place"},
	{"the gate judges the document before there is code of it", "internal/spec/gate", "internal/contract"},
	{"the race detector is on or off", "internal/racetest", ""},
	{"cli knows commands alone", "internal/cli", ""},
	{"link follows links alone", "internal/link", ""},
	{"the root is the client", ".", "gen internal/contract internal/decode internal/lifecycle internal/intercept internal/link internal/secret"},
	{"media knows the domain", "internal/media", "."},
	{"the bundled clip is bytes", "internal/media/clip", ""},
	{"blobs knows bytes and keys alone", "internal/blobs", ""},
	{"an S3 for tests is a process", "internal/s3test", ""},
	{"store keeps the domain, and what media says of a file", "internal/store", ". internal/media"},
	{"the store's suite sees what the store does", "internal/store/storetest", ". internal/media internal/store"},
	{"a Postgres for tests is an address", "internal/pgtest", ""},
	{"jobs brings store, media and blobs together", "internal/jobs", ". internal/store internal/media internal/blobs"},
	{"api declares its reads and imports no store", "internal/api", ". gen internal/contract internal/intercept internal/secret"},
	{"the docs show the contract alone", "internal/api/docs", "."},
	{"admin counts verdicts, and knows nothing of what it counts for", "internal/admin", "internal/contract internal/secret"},
	{"roughytest serves the contract from memory", "roughytest", ". gen internal/api internal/contract internal/intercept internal/secret"},
	{"roughy wires all but the server", "cmd/roughy", ". gen internal/contract internal/decode internal/lifecycle internal/intercept internal/link internal/report internal/secret internal/traffic internal/spec internal/spec/diff internal/spec/lint internal/spec/learn internal/spec/overlay internal/cli"},
	{"roughyd wires all", "cmd/roughyd", ". gen internal/contract internal/lifecycle internal/intercept internal/report internal/secret internal/media internal/media/clip internal/blobs internal/store internal/jobs internal/api internal/api/docs internal/admin internal/cli"},
}

// databases are what a program without a database does not link. A path that ends in /... stands for all below it.
const databases = "database/sql modernc.org/... github.com/riverqueue/... github.com/pressly/goose/... github.com/jackc/..."

// buckets are what a program that keeps no bytes does not link.
const buckets = "gocloud.dev/... github.com/aws/..."

// absences says what a package must not link, be it through others.
var absences = []struct{ sentence, from, never string }{
	{"an importer of the root links no database and no bucket", ".", databases + " " + buckets},
	{"api links no database and no bucket", "internal/api", databases + " " + buckets},
	{"a user's tests link no database and no bucket", "roughytest", databases + " " + buckets},
	{"roughy links neither the server nor a database nor a bucket", "cmd/roughy", databases + " " + buckets + " " +
		modulePath + "/internal/store " + modulePath + "/internal/jobs " + modulePath + "/internal/api"},
	{"an importer of gen does not link the validator", "gen", "github.com/getkin/..."},
}

// unit is a package as go list tells of it.
type unit struct {
	ImportPath string
	Imports    []string
	Deps       []string // all that it links
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	units := ourPackages(t)
	require.Empty(t, breaches(units))
	for _, a := range absences {
		require.True(t, slices.ContainsFunc(units, func(u unit) bool { return u.name() == a.from }), "%s is not there", a.from)
	}
}

func TestImportRulesNameWhatBreaksThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unit unit
		want string
	}{
		"a package without a rule": {unit{ImportPath: modulePath + "/internal/util"}, "internal/util has no rule"},
		"an import back": {unit{ImportPath: modulePath + "/internal/contract", Imports: []string{modulePath}},
			"contract knows nothing of renders: internal/contract imports ."},
		"a command that is imported": {unit{ImportPath: modulePath + "/internal/jobs", Imports: []string{modulePath + "/cmd/roughyd"}},
			"jobs brings store, media and blobs together: internal/jobs imports cmd/roughyd"},
		"a database through another package": {unit{ImportPath: modulePath, Deps: []string{"modernc.org/sqlite/lib"}},
			"an importer of the root links no database and no bucket: . links modernc.org/sqlite/lib"},
		"a bucket through another package": {unit{ImportPath: modulePath, Deps: []string{"github.com/aws/aws-sdk-go-v2/service/s3"}},
			"an importer of the root links no database and no bucket: . links github.com/aws/aws-sdk-go-v2/service/s3"},
		"the server in the client's program": {unit{ImportPath: modulePath + "/cmd/roughy", Deps: []string{modulePath + "/internal/api"}},
			"roughy links neither the server nor a database nor a bucket: cmd/roughy links " + modulePath + "/internal/api"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{c.want}, breaches([]unit{c.unit}))
		})
	}
}

// breaches names every rule that a package breaks, and every package that has none.
func breaches(units []unit) []string {
	var out []string
	for _, u := range units {
		ruled := false
		for _, d := range directions {
			if d.from != u.name() {
				continue
			}
			ruled = true
			for _, path := range u.Imports {
				if name, own := ownName(path); own && !slices.Contains(strings.Fields(d.to), name) {
					out = append(out, d.sentence+": "+d.from+" imports "+name)
				}
			}
		}
		if !ruled {
			out = append(out, u.name()+" has no rule")
		}
		out = append(out, u.presences()...)
	}
	return out
}

// presences names what u links and must not.
func (u unit) presences() []string {
	var out []string
	for _, a := range absences {
		for _, path := range u.Deps {
			if a.from == u.name() && slices.ContainsFunc(strings.Fields(a.never), covers(path)) {
				out = append(out, a.sentence+": "+a.from+" links "+path)
			}
		}
	}
	return out
}

func (u unit) name() string {
	name, _ := ownName(u.ImportPath)
	return name
}

// covers reports for a pattern whether it stands for path.
func covers(path string) func(pattern string) bool {
	return func(pattern string) bool {
		below, all := strings.CutSuffix(pattern, "...")
		return path == pattern || all && strings.HasPrefix(path+"/", below)
	}
}

// ownName is a path without the module's, if it is in the module.
func ownName(path string) (name string, own bool) {
	if path == modulePath {
		return ".", true
	}
	return strings.CutPrefix(path, modulePath+"/")
}

func ourPackages(t *testing.T) []unit {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(runCommand(t, ".", "go", "list", "-json=ImportPath,Imports,Deps", "./...")))
	var units []unit
	for {
		var u unit
		if err := decoder.Decode(&u); errors.Is(err, io.EOF) {
			return units
		} else {
			require.NoError(t, err)
		}
		units = append(units, u)
	}
}
