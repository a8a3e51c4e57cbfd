/** \file
 * Public interface of widget.
 */
#ifndef WIDGET_H
#define WIDGET_H

#define WIDGET_API           __attribute__((visibility("default")))
#define WIDGET_DECLARE(type) WIDGET_API type

/** Starts the widget. */
WIDGET_API void widget_start(void);

/** Spawns a helper; returns its status. */
WIDGET_DECLARE(int) widget_spawn(const char *name, int count);

/** A packed header. */
typedef struct {
    int id;   /**< The identity. */
    char tag; /**< The tag. */
} __attribute__((__packed__)) widget_head;

/** A named packed body. */
struct __attribute__((packed, aligned(8))) widget_body {
    int first;
    unsigned short second __attribute__((aligned(2)));
};

struct widget_s;
/** Makes a widget on demand. */
typedef struct widget_s *(*widget_maker)(void);
/** The widget itself. */
typedef struct widget_s {
    int size;
    int (*on_event)(struct widget_s *w, int event); /**< Called for each event. */
} widget_t;

/** Adds and compares; one declaration for several functions. */
extern WIDGET_API int widget_first(const widget_t *), widget_second(const widget_t *, int),
    widget_third(widget_t *);

/** Gives back the handler that was set before. */
void (*widget_set_handler(int sig, void (*handler)(int)))(int);

/** Number of widgets that live. */
extern int widget_live;

/** Length of anything. */
#define widget_length(x)                                                                           \
    _Generic((x), char * : widget_length_str, widget_t * : widget_length_obj)(x)

/** Width of an old compiler's name. */
int widget_width(widget_t *w) __attribute__((pure, nonnull(1)));

/** C23 style. */
[[nodiscard]] int widget_open(const char *path);

/** Static inline twice. */
static inline int widget_twice(int n)
{
    return 2 * n;
}

/** Colours. */
enum widget_colour : unsigned char {
    WIDGET_RED,       /**< red */
    WIDGET_GREEN = 5, /**< green */
};

#ifdef __cplusplus
}
#endif
#endif
