package serve

import "net/http"

// mux.HandleFunc("/of-a-comment", h)
func Mount(mux *http.ServeMux, cache Cache) {
	mux.HandleFunc("GET /health", health)
	cache.Get("/tmp/x", nil)
}
