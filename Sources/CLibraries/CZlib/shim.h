#pragma once
#include <zlib.h>

/* Macros in zlib.h, which the importer does not see. 31 = the largest window, in the gzip format; 47 accepts gzip and zlib. */
static inline int vitrine_deflate_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
}
static inline int vitrine_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 47); }
