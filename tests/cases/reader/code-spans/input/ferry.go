// Package ferry ferries.
package ferry

// Context is what surrounds.
type Context struct{}
