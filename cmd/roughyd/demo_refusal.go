package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/blobs"
)

// tryToGetIn tries what must be refused.
func (d *demo) tryToGetIn(ctx context.Context) error {
	expired, err := d.expiredLink(ctx)
	if err != nil {
		return err
	}
	if err := d.refuseLink(ctx, "refused", "an expired link", expired); err != nil {
		return err
	}
	if err := d.refuseLink(ctx, "", "a forged link", forge(d.whole.DownloadURL)); err != nil {
		return err
	}
	grace, _, err := createKey(ctx, d.server.backend, "grace")
	if err != nil {
		return err
	}
	if err := d.refuseKey(ctx, "another owner's render", grace, roughy.ErrNotFound); err != nil {
		return err
	}
	nobodys, _, err := api.NewKey()
	if err != nil {
		return err
	}
	return d.refuseKey(ctx, "a key that nobody was given", nobodys, roughy.ErrUnauthenticated)
}

// expiredLink is a link to the first render that was signed like any other, for a time that is over.
func (d *demo) expiredLink(ctx context.Context) (string, error) {
	config := d.server.links
	config.TTL = -time.Minute
	past, err := blobs.Open(ctx, config)
	if err != nil {
		return "", err
	}
	defer past.Close()
	_, key, err := d.server.store.ReadRender(ctx, "ada", d.whole.ID)
	if err != nil {
		return "", err
	}
	return past.Link(ctx, key)
}

// forge makes a link live a year longer than it was signed for.
func forge(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	q := u.Query()
	q.Set("expiry", q.Get("expiry")+"0")
	u.RawQuery = q.Encode()
	return u.String()
}

func (d *demo) refuseLink(ctx context.Context, topic, what, link string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return errors.Unwrap(err) // without the link, whose query is a secret
	}
	resp.Body.Close()
	d.expect(resp.StatusCode == http.StatusForbidden, topic, "%s: %d", what, resp.StatusCode)
	return nil
}

func (d *demo) refuseKey(ctx context.Context, what, key string, want error) error {
	client, err := d.newClient(key)
	if err != nil {
		return err
	}
	_, err = client.Render(ctx, d.whole.ID)
	var said *roughy.Error
	if err != nil && !errors.As(err, &said) {
		return err
	}
	status := http.StatusOK
	if said != nil {
		status = said.Status
	}
	d.expect(errors.Is(err, want), "", "%s: %d", what, status)
	return nil
}
