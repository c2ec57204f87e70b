package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// secretBytes is the least length of a secret that signs links.
const secretBytes = 32

func secretPath(dir string) string { return filepath.Join(dir, "link.key") }

// linkSecrets reads the secrets of links, one a line, the one that signs first; or makes one. Of several that make it at once, one
// wins.
func linkSecrets(dir string) ([][]byte, error) {
	path := secretPath(dir)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return nil, fmt.Errorf("link secret: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("link secret: %w", err)
	}
	if len(text) == secretBytes && bytes.ContainsFunc(text, unwritable) {
		return [][]byte{text}, nil // a file of earlier versions is one secret, in which any byte may be
	}
	secrets := bytes.Split(bytes.TrimRight(text, "\r\n"), []byte("\n"))
	for i, s := range secrets {
		s = bytes.TrimRight(s, "\r")
		if bytes.HasPrefix(bytes.TrimSpace(s), []byte("#")) {
			return nil, fmt.Errorf("link secret %s: line %d is a comment, which would be taken for a secret; take it away", path, i+1)
		}
		if secrets[i] = s; len(s) < secretBytes {
			return nil, fmt.Errorf("link secret %s: line %d has %d bytes instead of at least %d; write one secret a line, such as "+
				"openssl rand -hex 32 makes, or remove the file for a new one, and links given out stop working", path, i+1, len(s), secretBytes)
		}
	}
	return secrets, nil
}

// unwritable reports whether r is nothing that somebody wrote with an editor.
func unwritable(r rune) bool { return r != '\r' && r != '\n' && (r < ' ' || r > '~') }

// exposed says what is wrong with the permissions of the secrets, or "".
func exposed(dir string) string {
	path := secretPath(dir)
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o007 == 0 {
		return ""
	}
	return path + " can be read by everybody on this machine, who can sign links with it: chmod 600 it"
}

// makeSecret puts a new secret at path, whole, unless there is one already.
func makeSecret(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), "link.key.*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	secret := make([]byte, secretBytes)
	rand.Read(secret)
	_, err = file.WriteString(hex.EncodeToString(secret) + "\n")
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
