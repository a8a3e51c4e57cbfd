/* Calls through functions that the user gives. */
#ifndef CALL_H
#define CALL_H

#define CALLCONV __stdcall
#define CALL_EXTRA

/** What allocates. */
struct CALL_API call_hooks {
    void *(CALLCONV *take)(int size); /**< takes memory */
    void (CALLCONV *give)(void *block); // gives it back
    int (*plain)(void);
};

/** Sets the hooks. For internal use only. */
void call_hooks_set(struct call_hooks *hooks);

/** Runs. */
int call_run(int n);

/** @cond */
int call_secret(void);
/** @endcond */

#define CALL_STEP(n) call_step_##n
#undef CALL_STEP

static inline int call_twice(int n)
{
    enum step { FIRST, SECOND };
    return n * 2;
}

enum {
    CALL_MAX = 3 /**< how many */
};

#endif
