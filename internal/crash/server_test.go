package crash

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A server is the real program over one store, started and killed again and again.
type server struct {
	t       *testing.T
	program string
	store   []string // flags that name it
	addr    string
	mu      sync.Mutex
	cmd     *exec.Cmd
}

// units are what `demo --json` prints of the units on a path of one step.
type units struct {
	OneStep struct {
		Communes    []unit `json:"communes"`
		Departments []unit `json:"departments"`
	} `json:"one_step"`
}

type unit struct{ Unit, Officer, Token string }

// build compiles the program as it stands.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "lienthong")
	out, err := exec.Command("go", "build", "-o", program, "lienthong/cmd/lienthong").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// free returns an address on which nothing listens, for a server that comes back to it.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs a command of the program that serves, and waits until it is ready.
func (s *server) start(command ...string) (first []byte) {
	s.t.Helper()
	cmd := exec.Command(s.program, append(append(command, "--addr", s.addr), s.store...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	log, err := os.OpenFile(filepath.Join(s.t.TempDir(), "log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.cmd = cmd
	s.mu.Unlock()
	first, _ = bufio.NewReaderSize(out, 1<<20).ReadBytes('\n') // nothing when it refuses: seen below
	if err := s.ready(); err != nil {
		said, _ := os.ReadFile(log.Name())
		s.t.Fatalf("%v does not serve: %v\n%s%s", command, err, first, said)
	}
	return first
}

func (s *server) ready() error {
	end := time.Now().Add(20 * time.Second)
	for {
		r, err := http.Get("http://" + s.addr + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(r.Status)
		}
		if time.Now().After(end) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// kill ends the program as a power cut does: it is told nothing.
func (s *server) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill() // gone already is what we want
	_ = s.cmd.Wait()         // says that it was killed
	s.cmd = nil
}

// demo makes the office and returns its one-step units with their tokens.
func (s *server) demo() (u units) {
	s.t.Helper()
	if err := json.Unmarshal(s.start("demo", "--json"), &u); err != nil {
		s.t.Fatal(err)
	}
	if len(u.OneStep.Communes) == 0 || len(u.OneStep.Departments) == 0 {
		s.t.Fatal("the demonstration has no units on a path of one step")
	}
	return u
}

// pause sleeps unless ctx ends first.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
