int zip_open(void);
