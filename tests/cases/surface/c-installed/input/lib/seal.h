#ifndef SEAL_H
#define SEAL_H
/** Makes one. */
int seal_make(void);
#endif
