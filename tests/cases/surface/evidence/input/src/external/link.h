/** Opens an external link. */
int link_open(void);
