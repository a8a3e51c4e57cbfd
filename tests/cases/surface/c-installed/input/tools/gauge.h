#ifndef GAUGE_H
#define GAUGE_H
/** Makes one. */
int gauge_make(void);
#endif
