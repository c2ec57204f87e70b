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
)

// secretBytes is the least length of a secret that signs links.
const secretBytes = 32

// linkSecrets reads the secrets of links, one a line, the one that signs first; or makes one. Of several that make it at once, one
// wins.
func linkSecrets(dir string) ([][]byte, error) {
	path := filepath.Join(dir, "link.key")
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
	secrets := [][]byte{text}
	if len(text) != secretBytes { // a file of earlier versions is one secret, in which any byte may be
		secrets = bytes.Split(bytes.TrimRight(text, "\r\n"), []byte("\n"))
	}
	for i, s := range secrets {
		if len(text) != secretBytes {
			s = bytes.TrimRight(s, "\r")
		}
		if secrets[i] = s; len(s) < secretBytes {
			return nil, fmt.Errorf("link secret %s: line %d has %d bytes instead of at least %d; write one secret a line, such as "+
				"openssl rand -hex 32 makes, or remove the file for a new one, and links given out stop working", path, i+1, len(s), secretBytes)
		}
	}
	return secrets, nil
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
