#include <getopt.h>
static const struct option options[] = {
    {"depth", required_argument, 0, 'd'},
    {"wait", no_argument, 0, 'w'},
    {"no-wait", no_argument, 0, 'n'},
    {"secret", no_argument, 0, 's'},
};
int main(void) { return options[0].val; }
