#ifndef KILN_H
#define KILN_H
typedef struct kiln kiln_t;
typedef void (*kiln_done)(kiln_t *kiln, int status);
int kiln_fire(kiln_t *kiln, int degrees);
int kiln_fire_slowly(kiln_t *kiln, int degrees);
void kiln_cool(kiln_t *kiln);
#endif
