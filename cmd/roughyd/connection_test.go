package main

import (
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUnusedConnectionsAreClosedAndUsedOnesAreNot(t *testing.T) {
	t.Parallel()
	u := unused{conns: map[net.Conn]bool{}}
	idle, idleClient := net.Pipe()
	used, usedClient := net.Pipe()
	u.track(idle, http.StateNew)
	u.track(used, http.StateNew)
	u.track(used, http.StateActive)
	u.close()
	_, err := idleClient.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	go func() { _, _ = used.Write([]byte("answer")) }()
	answer := make([]byte, 6)
	_, err = io.ReadFull(usedClient, answer)
	require.NoError(t, err)
	require.Equal(t, "answer", string(answer))
}
