#ifndef TRACE_H
#define TRACE_H
/** Makes one. */
int trace_make(void);
#endif
