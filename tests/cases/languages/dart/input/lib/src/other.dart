/// Says it.
void say() {}
