package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
)

// memory is what a process holds of the machine's, in bytes.
type memory struct {
	resident int64
	peak     int64
}

func (s *server) memory() (*memory, error) { return memoryOf(strconv.Itoa(s.pid)) }

// memoryOf is nil where there is no /proc to read it from. The process is its number, or "self".
func memoryOf(process string) (*memory, error) {
	status, err := os.ReadFile("/proc/" + process + "/status")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	resident, one := statusBytes(status, "VmRSS")
	peak, two := statusBytes(status, "VmHWM")
	return &memory{resident, peak}, errors.Join(one, two)
}

// statusBytes reads one line of /proc/PID/status, which counts in units of 1024 bytes.
func statusBytes(status []byte, name string) (int64, error) {
	line := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+) kB$`).FindSubmatch(status)
	if line == nil {
		return 0, fmt.Errorf("process status: no %s", name)
	}
	kilobytes, err := strconv.ParseInt(string(line[1]), 10, 64)
	return kilobytes << 10, err
}
