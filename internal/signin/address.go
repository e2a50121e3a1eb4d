package signin

import (
	"context"
	"net/netip"
)

// The address of a request stands under this key in its context.
type addressKey struct{}

// From notes in ctx the address a request came from, as the frame of the faces found it.
func From(ctx context.Context, a netip.Addr) context.Context {
	return context.WithValue(ctx, addressKey{}, a)
}

// Address returns the address that From noted; the zero address when there is none.
func Address(ctx context.Context) netip.Addr {
	a, _ := ctx.Value(addressKey{}).(netip.Addr)
	return a
}
