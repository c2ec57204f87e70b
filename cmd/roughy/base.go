package main

import (
	"fmt"
	"net/url"
	"os"
)

// parseBase reads a URL of the form scheme://host/path. What is refused is not repeated: it may hold a password.
func parseBase(from, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: want a URL such as https://HOST", from)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s: want no user, query or fragment in it", from)
	}
	return u, nil
}

// givenBase is where --base-url or the environment say that the API is; nil if they do not.
func (p *program) givenBase() (*url.URL, error) {
	if p.baseURL != "" {
		return parseBase("--base-url", p.baseURL)
	}
	if text := os.Getenv("ROUGHY_BASE_URL"); text != "" {
		return parseBase("ROUGHY_BASE_URL", text)
	}
	return nil, nil
}
