package blobs

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// careful is a client for uploads that are given up: it waits for the answer to what is under way by then. S3 goes on with a part
// whose sender has left, and keeps it, and with it the upload, when the upload is aborted before the part is there.
type careful struct{ *s3.Client }

var _ transfermanager.S3APIClient = careful{}

func (c careful) CreateMultipartUpload(
	ctx context.Context, in *s3.CreateMultipartUploadInput, opts ...func(*s3.Options),
) (*s3.CreateMultipartUploadOutput, error) {
	return answer(ctx, c.Client.CreateMultipartUpload, in, opts)
}

// UploadPart counts for nothing once the upload is given up, so that nobody tries to complete it.
func (c careful) UploadPart(ctx context.Context, in *s3.UploadPartInput, opts ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	out, err := answer(ctx, c.Client.UploadPart, in, opts)
	return out, cmp.Or(ctx.Err(), err)
}

func (c careful) CompleteMultipartUpload(
	ctx context.Context, in *s3.CompleteMultipartUploadInput, opts ...func(*s3.Options),
) (*s3.CompleteMultipartUploadOutput, error) {
	return answer(ctx, c.Client.CompleteMultipartUpload, in, opts)
}

// answer asks S3 for something, unless ctx has ended, and waits for giveUpTime longer than ctx lasts.
func answer[In, Out any](
	ctx context.Context, ask func(context.Context, *In, ...func(*s3.Options)) (*Out, error), in *In, opts []func(*s3.Options),
) (*Out, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(giveUpTime, cancel) })()
	return ask(lasting, in, opts...)
}
