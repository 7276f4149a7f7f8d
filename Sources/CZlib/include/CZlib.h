// A plain C door to zlib: bytes in, one gzip member out.

#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The largest input in bytes; zlib counts with 32 bits.
#define CZL_MAX_LENGTH ((size_t)0x3FFFFFFF)

/// Writes `length` bytes of `input` to `output` as one gzip member (RFC 1952), at zlib's fastest
/// level.
///
/// Returns how many bytes were written; 0 if they do not fit into `capacity`, the input is too
/// large, or there is no memory. Keeps nothing and may be called from any thread.
size_t czl_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
