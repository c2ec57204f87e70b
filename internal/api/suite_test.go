package api_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/api"
)

// suite is all that the tests of this package made the server log, and all that none of them may.
var suite = &suiteLog{}

type suiteLog struct {
	lines
	mu     sync.Mutex
	hidden []string
}

// hide notes a key, whose hash is as secret: who has it can tell which key it is.
func (l *suiteLog) hide(key string) {
	hash := api.HashKey(key)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hidden = append(l.hidden, strings.TrimPrefix(key, "sk_"), hex.EncodeToString(hash[:]), fmt.Sprint(hash),
		base64.StdEncoding.EncodeToString(hash[:]), base64.RawURLEncoding.EncodeToString(hash[:]))
}

// leaks are the secrets that a text has.
func (l *suiteLog) leaks(text string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	secrets := append(slices.Clone(l.hidden), "sk_", "s3cret", "signature=", "expires=", "bearer ", "authorization:")
	text = strings.ToLower(text)
	return slices.DeleteFunc(secrets, func(s string) bool { return !strings.Contains(text, strings.ToLower(s)) })
}

func TestMain(m *testing.M) {
	code := m.Run()
	if leaks := suite.leaks(suite.String()); len(leaks) > 0 {
		fmt.Println("FAIL: the suite's log has secrets:", leaks)
		code = 1
	}
	os.Exit(code)
}

func TestTheSuiteWouldSeeALeak(t *testing.T) {
	t.Parallel()
	key, hash, err := api.NewKey()
	require.NoError(t, err)
	log := &suiteLog{}
	log.hide(key)
	require.Empty(t, log.leaks(`{"msg":"request","path":"/v1/renders/…","status":401}`))
	for _, text := range []string{
		key, key[3:], strings.ToUpper(hex.EncodeToString(hash[:])), fmt.Sprintf("%v", hash), "Authorization: Basic x", "Bearer x", "/links?expires=1",
	} {
		require.NotEmpty(t, log.leaks("{"+text+"}"), text)
	}
	s := serve(t, nil)
	before := len(suite.String())
	s.get(t, "none")
	require.Greater(t, len(suite.String()), before, "the suite's log has what a server logs")
}
