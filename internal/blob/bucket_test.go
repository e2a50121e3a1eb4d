package blob

import (
	"context"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// makeBucket makes a bucket as whoever runs the server would.
func makeBucket(server, name string) error {
	c, err := minio.New(strings.TrimPrefix(server, "http://"), &minio.Options{Creds: credentials.NewEnvAWS(), Region: "vn-1"})
	if err != nil {
		return err
	}
	return c.MakeBucket(context.Background(), name, minio.MakeBucketOptions{})
}
