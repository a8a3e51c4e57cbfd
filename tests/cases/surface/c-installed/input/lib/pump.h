#ifndef PUMP_H
#define PUMP_H
/** Makes one. */
int pump_make(void);
#endif
