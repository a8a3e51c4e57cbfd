#ifndef NET_H
#define NET_H

/* What can go wrong. */
#define NET_ERRORS(X)                                                                              \
    X(AGAIN, "try once more")                                                                      \
    X(LOST, "the peer (or the line) is lost")                                                      \
    /* the last one */                                                                             \
    X(FULL, "no room")

/** An error. */
typedef enum {
    NET_OK = 0,
#define X(name, text) NET_E_##name,
    NET_ERRORS(X)
#undef X
    NET_E_MAX
} net_error;

#define BIT(n) (1 << n)
/** Plain values stay as they are. */
enum net_flag {
    NET_FAST = BIT(3),
    NET_SAFE = BIT(NET_OK)
};

/** Says what an error is. */
const char *net_error_text(net_error error);
#endif
