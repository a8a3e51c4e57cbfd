#include "widget.h"
#define PRAGMA(x)                          _Pragma(#x)
#define DEFINE_CALL2(name, t1, a1, t2, a2) long sys_##name(t1 a1, t2 a2)
#define AUTO_FREE(n)

int widget_live;

WIDGET_API void widget_start(void)
{
}

PRAGMA(bar)
int widget_after_pragma(void)
{
    return 1;
}

AUTO_FREE(widget)

/** Comes after a macro without a semicolon. */
int widget_after_macro(int bar, int baz)
{
    return bar + baz;
}

/** The call that a macro makes. */
DEFINE_CALL2(widget_probe, int, fd, const char *, name)
{
    return fd;
}

/** Old style. */
int widget_kr(a, b, cb)
int a;
char(*b);
int (*cb)();
{
    return a;
}

/** Both branches have a head. */
#ifdef WIDE
int widget_branch(long n)
#else
int widget_branch(int n)
#endif
{
    return n;
}

/** Braces in branches. */
int widget_brace(int n)
{
#ifdef WIDE
    if (n) {
#else
    if (!n) {
#endif
        return 1;
    }
    return 0;
}

/** After the braces. */
int widget_after_brace(int n)
{
    return n;
}

int func1(MACRO1(va1), MACRO2(var2))
{
    return 0;
}
