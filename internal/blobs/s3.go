package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
)

// What an upload to S3 holds in memory is a part more than go up at the same time.
const (
	partSize    = 8 << 20
	partsAtOnce = 2
)

// giveUpTime bounds waiting for what is under way to S3 when an upload is given up, and then telling it so.
const giveUpTime = 5 * time.Second

// objects is a bucket whose keys are objects of S3.
type objects struct {
	name     string
	client   *s3.Client
	uploader *transfermanager.Client
	blobs    *blob.Bucket
	signer   *s3.PresignClient // of links, for the public endpoint
	patience time.Duration     // with who gives credentials
}

var _ place = (*objects)(nil)

// newUploader is the library's, which gives an upload up by the context that it was cancelled with, and so would leave it behind.
func newUploader(client *s3.Client) *transfermanager.Client {
	return transfermanager.New(careful{client}, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = partSize, partSize, partsAtOnce
		o.FailTimeout = giveUpTime
		o.RequestChecksumCalculation = client.Options().RequestChecksumCalculation
	})
}

func (o *objects) prepare(as func(any) bool, size int64) (settle func() error) {
	var uploader *transfermanager.Client
	var upload *transfermanager.UploadObjectInput
	if !as(&uploader) || !as(&upload) {
		return func() error { return errors.New("library has no upload") }
	}
	*uploader = *o.uploader
	if size >= 0 {
		upload.ContentLength = aws.Int64(size) // lets the parts of a large one be larger
	}
	return func() error { return nil }
}

func (o *objects) settled(string) error { return nil }

func (o *objects) local(ctx context.Context, key, scratch string) (name string, release func(), err error) {
	r, err := o.blobs.NewReader(ctx, key, nil)
	if err != nil {
		return "", nil, err
	}
	file, err := os.CreateTemp(scratch, "blob-*"+path.Ext(key))
	if err != nil {
		return "", nil, errors.Join(err, r.Close())
	}
	_, err = io.Copy(file, r)
	if err = errors.Join(err, file.Close(), r.Close()); err != nil {
		return "", nil, errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), func() { _ = os.Remove(file.Name()) }, nil
}

// remove does not ask first whether there is anything, as the library does: S3 takes it either way.
func (o *objects) remove(ctx context.Context, key string) error {
	_, err := o.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &o.name, Key: &key})
	return err
}

func (o *objects) keys(ctx context.Context, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for list := o.blobs.List(&blob.ListOptions{Prefix: prefix}); ; {
			object, err := list.Next(ctx)
			switch {
			case err == io.EOF:
				return
			case err != nil:
				yield(Entry{}, err)
				return
			case !yield(Entry{Key: object.Key, Size: object.Size, ModTime: object.ModTime}, nil):
				return
			}
		}
	}
}

func (o *objects) link(ctx context.Context, key string) (string, error) {
	signing, cancel := context.WithTimeout(ctx, o.patience) // it may have to fetch credentials
	defer cancel()
	signed, err := o.signer.PresignGetObject(signing, &s3.GetObjectInput{
		Bucket:                     &o.name,
		Key:                        &key,
		ResponseContentType:        aws.String(contentType(key)),
		ResponseContentDisposition: aws.String(disposition(key)),
		ResponseCacheControl:       aws.String(keepNot),
	})
	switch {
	case err != nil && signing.Err() != nil && ctx.Err() == nil:
		return "", fmt.Errorf("%w: no credentials in %v", ErrUnreachable, o.patience)
	case err != nil:
		return "", err
	}
	return signed.URL, nil
}

// sweep gives up the uploads in parts that began before. Their parts are no objects, but cost as much.
func (o *objects) sweep(ctx context.Context, before time.Time) error {
	for list := s3.NewListMultipartUploadsPaginator(o.client, &s3.ListMultipartUploadsInput{Bucket: &o.name}); list.HasMorePages(); {
		page, err := list.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, u := range page.Uploads {
			if aws.ToTime(u.Initiated).After(before) {
				continue
			}
			_, err := o.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &o.name, Key: u.Key, UploadId: u.UploadId})
			if err != nil && status(err) != http.StatusNotFound {
				return err
			}
		}
	}
	return nil
}

// ready does not ask for the bucket by HEAD, which is refused without a reason. A list says what it is one of, which tells it from
// another server's page.
func (o *objects) ready(ctx context.Context) error {
	list, err := o.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &o.name, MaxKeys: aws.Int32(1)})
	if err == nil && list.Name == nil {
		return errForeign
	}
	return err
}
