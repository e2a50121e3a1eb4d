package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"lienthong/internal/fault"
)

const bucketScheme = "s3://"

// A bucket keeps each hash as an object under prefix. S3 answers a PUT when the object is
// durable, so nothing else is waited for.
type bucket struct {
	client       *minio.Client
	name, prefix string // prefix without a slash at its ends
}

// s3Wait is how long one request to the bucket may take before it is given up; the caller
// says that the bytes cannot be kept, and the sender tries again.
const s3Wait = 2 * time.Minute

// The address names everything but the keys, which come from the environment: an address is printed in
// logs.
func openBucket(address string) (*bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fault.Field("--files", "Không đọc được địa chỉ kho tệp; hãy ghi như s3://kho/thu-muc?endpoint=https://may-chu&region=vung.")
	}
	q := u.Query()
	at, err := url.Parse(q.Get("endpoint"))
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		return nil, fault.Field("--files", "Địa chỉ kho tệp thiếu endpoint=https://…")
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}}),
		Secure: at.Scheme == "https", Region: q.Get("region"),
		BucketLookup: minio.BucketLookupPath, // own servers have no name a bucket
	})
	if err != nil {
		return nil, err
	}
	b := &bucket{client, u.Host, strings.Trim(u.Path, "/")}
	ctx, cancel := limited()
	defer cancel()
	found, err := client.BucketExists(ctx, b.name)
	if err == nil && !found {
		err = fault.Field("--files", "Không có kho tệp %q tại %s.", b.name, at.Host)
	}
	return b, err
}

// Every call to a store elsewhere ends in a time we set; a request of an officer hangs on it.
func limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), s3Wait)
}

// key spreads the objects as folder does; aside is where an object waits for its second
// judgement.
func (b *bucket) key(h Hash) string { return b.join(string(h[:2]), string(h)) }

// Where an object waits for its removal.
func (b *bucket) aside(h Hash) string { return b.join("gone", string(h)) }

// The key of an object below the prefix, so that several offices may share a bucket.
func (b *bucket) join(parts ...string) string {
	if b.prefix != "" {
		parts = append([]string{b.prefix}, parts...)
	}
	return strings.Join(parts, "/")
}

// place sends the bytes also when they are there: that makes them young, and whole again
// if another node is taking them away.
func (b *bucket) place(f *os.File, h Hash, size int64) error {
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	ctx, cancel := limited()
	defer cancel()
	_, err := b.client.PutObject(ctx, b.name, b.key(h), f, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// open falls back to bytes that were set aside: whoever asks for them has a row that
// names them, so they are put back first.
func (b *bucket) open(h Hash) (File, error) {
	o, err := b.get(h)
	if !errors.Is(err, fs.ErrNotExist) {
		return o, err
	}
	if err := b.move(b.aside(h), b.key(h)); err != nil {
		return nil, err
	}
	return b.get(h)
}

func (b *bucket) get(h Hash) (File, error) {
	// the object is read after this function: its reader lives as long as its file
	o, err := b.client.GetObject(context.Background(), b.name, b.key(h), minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err)
	}
	if _, err := o.Stat(); err != nil { // nothing was asked of the server until now
		return nil, errors.Join(missing(err), o.Close())
	}
	return o, nil
}

// Copying an object onto itself is how S3 sets its time; one that was set aside is brought back by the
// same move.
func (b *bucket) touch(h Hash) error {
	err := b.move(b.key(h), b.key(h))
	if errors.Is(err, fs.ErrNotExist) {
		err = b.move(b.aside(h), b.key(h))
	}
	return err
}

// move copies an object to another key, or onto itself, which makes it young.
func (b *bucket) move(from, to string) error {
	ctx, cancel := limited()
	defer cancel()
	_, err := b.client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: b.name, Object: to, ReplaceMetadata: true, UserMetadata: map[string]string{"touched": time.Now().UTC().Format(time.RFC3339)}},
		minio.CopySrcOptions{Bucket: b.name, Object: from})
	return missing(err)
}

// removeOld takes old bytes away in two rounds. S3 cannot judge and delete in one step, so a
// Put of another node may come between: the first round only sets the object aside,
// where open and touch still find it, and the second, a round of the cleaner later and
// only when still nobody names it, deletes it. List tells of both.
func (b *bucket) removeOld(h Hash, before time.Time) (did bool, err error) {
	at, err := b.age(b.key(h))
	if err == nil {
		if !at.Before(before) {
			return false, nil
		}
		if err := b.move(b.key(h), b.aside(h)); err != nil {
			return false, err
		}
		return false, b.drop(b.key(h))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if at, err = b.age(b.aside(h)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !at.Before(before) {
		return false, err
	}
	return true, b.drop(b.aside(h))
}

// When the object was last put.
func (b *bucket) age(key string) (time.Time, error) {
	ctx, cancel := limited()
	defer cancel()
	info, err := b.client.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	return info.LastModified, missing(err)
}

// Both places, since the object may have been set aside in between.
func (b *bucket) remove(h Hash) error { return errors.Join(b.drop(b.key(h)), b.drop(b.aside(h))) }

// drop deletes a key; S3 does not mind when it is gone.
func (b *bucket) drop(key string) error {
	ctx, cancel := limited()
	defer cancel()
	return b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{})
}

// list goes through the keys in their order, which is that of the hashes; those set aside
// come after the last.
func (b *bucket) list(each func(Item) error) error {
	prefix := ""
	if b.prefix != "" {
		prefix = b.prefix + "/"
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // ends the listing when each does
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list bytes: %w", o.Err)
		}
		h := Hash(o.Key[strings.LastIndexByte(o.Key, '/')+1:])
		if !h.Valid() || o.Key != b.key(h) && o.Key != b.aside(h) {
			continue // not ours
		}
		if err := each(Item{h, o.Size, o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}

// missing gives the server's "no such key" the name that the file system has for it.
func missing(err error) error {
	if err == nil {
		return nil
	}
	if r := minio.ToErrorResponse(err); r.StatusCode == http.StatusNotFound || r.Code == minio.NoSuchKey {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}
