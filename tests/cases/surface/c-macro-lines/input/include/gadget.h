#ifndef GADGET_H
#define GADGET_H
#include <stddef.h>

G_BEGIN_DECLS

/** Opens a gadget. */
int gadget_open(const char *name);

G_DECLARE_FINAL_TYPE(Gadget, gadget, GA, DGET, GObject)

/** Closes a gadget. */
void gadget_close(int fd);

GADGET_BEGIN_NOWARN
/** Reads from a gadget. */
size_t gadget_read(int fd, void *to, size_t n) G_GNUC_WARN_UNUSED_RESULT;
GADGET_END_NOWARN

/** Prints like printf. */
void gadget_print(const char *format, ...) G_GNUC_PRINTF(1, 2);

/** Deprecated since 2. */
GADGET_DEPRECATED_IN_2_0_FOR(gadget_open)
int gadget_old(void);

/** Flags of a gadget. */
typedef enum {
    GADGET_NONE = 0,      /**< nothing */
    GADGET_FAST = 1 << 0, /*!< goes fast */
    GADGET_LOUD = 1 << 1  //!< makes noise
} GadgetFlags;

/** Two things in one line. */
struct gadget_pair {
    int left;  /**< the left one */
    int right; /**< the right one */
};

/** Variables: one comment, several names. */
extern int gadget_a, gadget_b;

/** The size. */
#define GADGET_SIZE 64
/** Joined. */
#define GADGET_JOIN(a, b) a##b

G_END_DECLS

#endif
