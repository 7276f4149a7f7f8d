#include "CZlib.h"

#include <string.h>
#include <zlib.h>

size_t czl_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity) {
    if (length > CZL_MAX_LENGTH || capacity == 0) return 0;
    if (capacity > CZL_MAX_LENGTH) capacity = CZL_MAX_LENGTH;

    z_stream stream;
    memset(&stream, 0, sizeof stream);
    // 15 bits of window, and 16 more ask for gzip's head and tail in the place of zlib's own.
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return 0;
    }
    // zlib reads its input only, although older headers do not promise it.
    stream.next_in = (Bytef *)(uintptr_t)input;
    stream.avail_in = (uInt)length;
    stream.next_out = output;
    stream.avail_out = (uInt)capacity;
    const int outcome = deflate(&stream, Z_FINISH);
    const size_t written = stream.total_out;
    deflateEnd(&stream);
    return outcome == Z_STREAM_END ? written : 0;
}
