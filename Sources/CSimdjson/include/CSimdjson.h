// A plain C door to simdjson: JSON bytes in, a flat tape of checked values out.
//
// Two steps, so that the caller can own the tape: `csj_index_make` finds the tokens, after which
// `csj_index_capacity` tells how large the tape may get; `csj_index_walk` checks the grammar and
// fills it. Nothing here throws, keeps a pointer to the input, or reads outside it; no padding
// behind the input is needed.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The largest input in bytes: offsets fit 29 bits, and counts the 28 bits that `info` has.
#define CSJ_MAX_LENGTH ((size_t)0x1FFFFFFF)

/// The deepest nesting that can be asked for; every level costs the walk 12 bytes of stack.
#define CSJ_MAX_DEPTH ((size_t)512)

/// What a tape entry stands for.
enum {
    CSJ_NULL = 0,
    CSJ_BOOL = 1,
    CSJ_NUMBER = 2,
    CSJ_STRING = 3,
    CSJ_ARRAY = 4,
    CSJ_OBJECT = 5,
};

/// One value, or one key of an object (a string right before its value). Parents come before their
/// children, children in the order of the text.
typedef struct csj_entry {
    uint32_t start;  ///< Offset of its first byte; for a string, of the opening quote.
    uint32_t end;    ///< Offset past its last byte.
    uint32_t next;   ///< Index of the entry past it and everything inside it.
    uint32_t info;   ///< Bits 0–2 kind, bit 3 flag, bits 4–31 count.
} csj_entry;

// The flag: a string has escapes; a number has a fraction or an exponent; a bool is true.
// The count: elements of an array, members of an object (every duplicate counts); else 0.

/// Why an input was refused.
enum {
    CSJ_OK = 0,
    CSJ_EMPTY,            ///< Nothing but white space.
    CSJ_SIZE,             ///< Longer than CSJ_MAX_LENGTH.
    CSJ_MEMORY,           ///< Memory ran out.
    CSJ_DEPTH,            ///< Nested deeper than asked for.
    CSJ_UTF8,             ///< Not UTF-8 as in RFC 3629.
    CSJ_CONTROL,          ///< A bare control character in a string.
    CSJ_UNCLOSED_STRING,  ///< A string without closing quote; the offset is its opening one's.
    CSJ_UNEXPECTED_END,   ///< The input ends within a value.
    CSJ_EXPECTED_VALUE,   ///< Something else where a value must stand.
    CSJ_EXPECTED_KEY,     ///< Something else where a key must stand.
    CSJ_EXPECTED_COLON,   ///< Something else where a colon must stand.
    CSJ_EXPECTED_COMMA,   ///< Something else where a comma or the closing bracket must stand.
    CSJ_LITERAL,          ///< A word other than true, false, null.
    CSJ_NUMBER_GRAMMAR,   ///< Not a number as in RFC 8259 section 6.
    CSJ_ESCAPE,           ///< An escape that RFC 8259 section 7 does not know.
    CSJ_SURROGATE,        ///< A \u escape that is half a surrogate pair without the other half.
    CSJ_TRAILING,         ///< More after the value.
};

/// How a walk ended.
typedef struct csj_report {
    uint32_t fault;   ///< CSJ_OK or the reason.
    uint32_t offset;  ///< Of the byte at fault; the length if the input ended too early.
    size_t entries;   ///< Entries written to the tape; 0 after a fault.
} csj_report;

typedef struct csj_index csj_index;

/// Finds the tokens of `length` bytes; NULL when memory ran out or `length` exceeds CSJ_MAX_LENGTH.
/// A fault in the input is kept for the walk. `portable` does without simdjson's vector code, for
/// comparison in tests. Give the index back with `csj_index_free` on the same thread.
csj_index *csj_index_make(const uint8_t *bytes, size_t length, bool portable);

/// An upper bound for the number of entries.
size_t csj_index_capacity(const csj_index *index);

/// Checks everything and fills the tape. `bytes` must be those the index was made of.
csj_report csj_index_walk(const csj_index *index, const uint8_t *bytes, size_t max_depth,
                          csj_entry *tape, size_t capacity);

void csj_index_free(csj_index *index);

/// Whether two runs of bytes are the same.
static inline bool csj_same(const void *left, const void *right, size_t length) {
    return length == 0 || memcmp(left, right, length) == 0;
}

/// The order of two runs of bytes: negative, 0 or positive.
static inline int csj_order(const void *left, const void *right, size_t length) {
    return length == 0 ? 0 : memcmp(left, right, length);
}

#ifdef __cplusplus
}
#endif

#endif
