#ifndef VALVE_H
#define VALVE_H
/** Makes one. */
int valve_make(void);
#endif
