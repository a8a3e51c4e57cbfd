// Package tool does it.
//
// Call [New] or [Tool.Run], never [*Tool.stop]; see [the guide] and [optional] parts:
//
//	t := tool.New[int]()
//	if a[i](b) {
//		t.Run()
//	}
//
// What it can:
//   - run, with the text
//     on two lines
//   - stop
//
//  1. first
//  2. second
//
// # Limits
//
// A pointer is written *Tool, a file _test.go, an index m[k](v).
//
// [the guide]: https://example.org/guide
package tool

// Tool is a tool.
type Tool struct {
	// Name says who it is, as in:
	//
	//	Tool{Name: "x"}
	Name string
}

// New makes a tool:
//
//	t := New[int]()
//
//nolint:revive
func New[T any]() *Tool { return nil }

/*
Run runs.

	t.Run()
*/
func (t *Tool) Run() {}
