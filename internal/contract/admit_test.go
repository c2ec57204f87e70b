package contract_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/contract/contracttest"
	"github.com/roughy-go/roughy/internal/racetest"
)

var seeds = flag.Uint64("seeds", 1000, "how many documents to make up")

func TestAdmitSaysWhatTheFullEngineWould(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	for seed := range *seeds {
		d := contracttest.New(seed)
		admitting, err := contract.Load("made.json", d.Text)
		require.NoError(t, err)
		full, err := contract.Load("made.json", d.Text, contract.EngineOnly())
		require.NoError(t, err)
		for range 20 {
			x := contracttest.Answer(d.Body())
			require.Equal(t, lines(full.Check(x)), lines(admitting.Check(x)), "seed %d, answer %s to %s", seed, x.Body, d.Text)
		}
	}
}
