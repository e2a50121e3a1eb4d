package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A server is the program itself, in a process of its own.
type server struct {
	cmd   *exec.Cmd
	url   string
	start time.Duration // until it answered the first request
}

// startWithin is how long the program may take before the run is given up.
const startWithin = 2 * time.Minute

// serve starts the program on a free port and waits for its first answer. What it says
// about itself is read from its standard output, up to the address; its log goes to a file.
func serve(ctx context.Context, command []string, log string) (s *server, err error) {
	s = &server{cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	problems, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer problems.Close() // the process has its own copy
	s.cmd.Stderr = problems
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for s.url == "" && lines.Scan() {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			s.url = strings.TrimSpace(lines.Text()[at:])
		}
	}
	if s.url == "" {
		return nil, fmt.Errorf("the server ended without an address: %w", s.cmd.Wait())
	}
	go func() { // what else it prints is not ours
		for lines.Scan() {
		}
	}()
	for time.Since(began) < startWithin {
		res, err := http.Get(s.url + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				s.start = time.Since(began)
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return nil, fmt.Errorf("the server does not answer at %s", s.url)
}

// Asks the server to end and waits: what it still writes belongs to the measurement.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// ticksASecond is the unit of /proc/PID/stat, which Linux gives programs as a constant.
const ticksASecond = 100

// cpu is how much time of processors the server has used, its own and the kernel's for
// it; zero where the system does not say.
func (s *server) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// the name of the program stands in brackets and may hold spaces
	f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(f) < 13 {
		return 0
	}
	user, userErr := strconv.Atoi(f[11])
	system, systemErr := strconv.Atoi(f[12])
	if errors.Join(userErr, systemErr) != nil {
		return 0
	}
	return time.Duration(user+system) * time.Second / ticksASecond
}

// memory returns the resident memory now and at its highest, in MB.
func (s *server) memory() (now, peak int) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0 // no such system
	}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kb, _ := strconv.Atoi(f[1])
		switch f[0] {
		case "VmRSS:":
			now = kb / 1024
		case "VmHWM:":
			peak = kb / 1024
		}
	}
	return now, peak
}
