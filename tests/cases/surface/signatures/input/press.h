/* A sheet of paper. */
struct sheet { int width; };
typedef struct sheet sheet_t;
/* Prints sheets. */
int press_print_many(sheet_t *first, const char *title, unsigned long how_many_copies, void (*told)(int done, int all), void *baton);
/* Prints one. */
int press_print(sheet_t *sheet);
