package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestRefusalKeepsKindFieldAndSentence(t *testing.T) {
	err := Field("text", "Nội dung không được để trống.")
	Wrap(&err, "raise petition")
	if !errors.Is(err, Invalid) || Kind(err) != Invalid {
		t.Fatalf("kind lost: %v", err)
	}
	r, ok := Sentence(err)
	if !ok || r.Field != "text" || r.Say != "Nội dung không được để trống." {
		t.Fatalf("sentence = %+v, %v", r, ok)
	}
	if got, want := err.Error(), "raise petition: text: Nội dung không được để trống."; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestWrapKeepsNil(t *testing.T) {
	var err error
	Wrap(&err, "answer petition %s", "x")
	if err != nil {
		t.Errorf("Wrap(nil) = %v, want nil", err)
	}
}

func TestKindOfForeignErrorIsNil(t *testing.T) {
	if k := Kind(fmt.Errorf("disk")); k != nil {
		t.Errorf("Kind = %v, want nil", k)
	}
}
