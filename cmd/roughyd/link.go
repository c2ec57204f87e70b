package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretBytes is the length of the secret that signs links.
const secretBytes = 32

// linkSecret reads the secret that signs links, or makes it. Of several that make it at once, one wins.
func linkSecret(dir string) ([]byte, error) {
	path := filepath.Join(dir, "link.key")
	secret, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return nil, fmt.Errorf("link secret: %w", err)
		}
		secret, err = os.ReadFile(path)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("link secret: %w", err)
	case len(secret) != secretBytes:
		return nil, fmt.Errorf("link secret %s: %d bytes instead of %d; remove it for a new one, and links given out stop working", path, len(secret), secretBytes)
	}
	return secret, nil
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
	_, err = file.Write(secret)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
