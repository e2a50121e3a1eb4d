package edxml

import (
	"strings"
	"testing"
	"time"
)

// What an attacker can make long costs no more than its length.
func TestLongIsNotSlow(t *testing.T) {
	for name, text := range map[string]string{
		"pieces":   "<edXML><a>" + strings.Repeat("x<!---->", 400_000) + "</a></edXML>",
		"tags":     strings.Repeat("<a/>", 500_000),
		"comment":  "<edXML><!--" + strings.Repeat("->", 1_000_000) + "--></edXML>",
		"open tag": "<edXML><a " + strings.Repeat("b='c' ", 400_000) + "/></edXML>",
		"entities": "<edXML><a>" + strings.Repeat("&amp;", 600_000) + "</a></edXML>",
		"base64":   "<edXML><ContentTransferEncoded>" + strings.Repeat("\n", 3_000_000) + "</ContentTransferEncoded></edXML>",
	} {
		began := time.Now()
		if _, err := Read(strings.NewReader(text), Limits{}); err == nil {
			t.Errorf("%s: taken", name)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}
