package main

import (
	"example.org/context"
	b "example.org/used/g"
)

func main() {
	context.WithBox(8)
	b.WithBox(9)
}
