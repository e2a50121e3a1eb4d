package upload

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// The states of a file before a virus scanner.
const (
	Clean     = "clean"
	Waiting   = "waiting"   // the scanner did not answer; asked again later
	Infected  = "infected"  // never handed out
	Unscanned = "unscanned" // no scanner is set
)

// scanTime is how long one file may take.
const scanTime = 60 * time.Second

const scanChunk = 64 << 10

// Scan asks the clamd of the settings about the bytes and returns the state and, for
// Infected, what was found. A scanner that cannot be reached leaves the file Waiting, with the
// reason as err; the file is kept and asked about again.
func (r Rules) Scan(ctx context.Context, f io.Reader) (state, found string, err error) {
	if r.Clamd == "" {
		return Unscanned, "", nil
	}
	answer, err := instream(ctx, r.Clamd, f)
	if err != nil {
		return Waiting, "", fmt.Errorf("clamd: %w", err)
	}
	answer = strings.TrimPrefix(answer, "stream: ")
	switch {
	case answer == "OK":
		return Clean, "", nil
	case strings.HasSuffix(answer, " FOUND"):
		return Infected, strings.TrimSuffix(answer, " FOUND"), nil
	}
	return Waiting, "", fmt.Errorf("clamd: %q", answer)
}

// instream speaks clamd's INSTREAM: chunks led by their length as four bytes, big end
// first, ended by an empty one; the answer ends in a zero byte.
func instream(ctx context.Context, socket string, f io.Reader) (answer string, err error) {
	network, address, _ := strings.Cut(socket, ":")
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // ends whatever still reads or writes
	sent := send(conn, f)
	// clamd answers and closes early when a file is too long for it: its answer
	// explains more than our broken pipe.
	raw, err := io.ReadAll(io.LimitReader(conn, 4096))
	if len(raw) == 0 && sent != nil {
		return "", sent
	}
	if len(raw) == 0 && err != nil {
		return "", err
	}
	return strings.TrimRight(string(raw), "\x00\n"), nil
}

// Sends a file in the chunks of clamd's INSTREAM, each with its length before it.
func send(conn io.Writer, f io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	buf := make([]byte, 4+scanChunk)
	for {
		n, err := io.ReadFull(f, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := conn.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			_, err = conn.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}
