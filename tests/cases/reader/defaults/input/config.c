#include "server.h"
/* makeFlag("of-a-comment", NULL, 0, 1), */
#define makeFlag(name, alias, flags, default) \
    { name, alias, flags, default }
#define makeOther(name, alias, get) { name, alias, get }
#define unrelated(name, x) { name, x }
static const struct setting settings[] = {
    makeFlag("daemonize", NULL, 0, 0),
    makeFlag("port", "p", FLAG_A | FLAG_B, SERVER_PORT),
    makeOther("save", NULL, get_save),
    unrelated("nothing", 1),
};
