package main

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/store"
)

func TestADatabaseThatIsGoneIsNotAvailable(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	s, err := store.Connect(t.Context(), server.URL(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	read := func() (ownerErr, renderErr error) {
		_, ownerErr = reads{s}.KeyOwner(t.Context(), [32]byte{})
		_, _, renderErr = reads{s}.ReadRender(t.Context(), "anna", uuid.Nil)
		return ownerErr, renderErr
	}
	for _, there := range []bool{true, false, true} {
		if !there {
			server.Stop(t)
		}
		ownerErr, renderErr := read()
		for _, err := range []error{ownerErr, renderErr} {
			if there {
				require.ErrorIs(t, err, roughy.ErrNotFound)
				require.NotErrorIs(t, err, api.ErrUnavailable)
				continue
			}
			require.ErrorIs(t, err, api.ErrUnavailable)
			require.Regexp(t, "cannot be reached: check that|is being stopped or started: try again", err.Error(), "the log has what to do")
		}
		if !there {
			server.Restart(t)
		}
	}
}
