#include "gadget.h"
int gadget_open(const char *name)
{
    return 0;
}
void gadget_close(int fd)
{
}
