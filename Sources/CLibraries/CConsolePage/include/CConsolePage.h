#ifndef CCONSOLEPAGE_H
#define CCONSOLEPAGE_H

#include <stddef.h>

/// A file of the console's page, as it was when the program was built.
struct vitrine_page_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The first of the page's files; as many follow as `vitrine_page_file_count` says.
const struct vitrine_page_file *vitrine_page_files(void);
size_t vitrine_page_file_count(void);

#endif
