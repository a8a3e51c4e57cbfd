// Package g does.
package g

// WithBox adds one.
func WithBox(n int) int { return n }

// Boxes holds them.
type Boxes interface{ List() []Boxes }

func (b *shelf) Boxes() []Boxes { return nil }
