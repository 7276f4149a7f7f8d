// The grammar of RFC 8259 over a list of token offsets.

#ifndef CSIMDJSON_WALKER_H
#define CSIMDJSON_WALKER_H

#include "CSimdjson.h"

namespace csj {

struct Fault {
    uint32_t reason;
    size_t offset;
};

inline bool is_space(uint8_t byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// Finds the tokens of the input as simdjson's first stage does, one byte at a time: every bracket,
/// comma and colon outside strings, every opening quote, every first byte of another word. Stops at
/// the first fault in encoding or quoting; `length` becomes the part before the token at fault.
Fault index_portably(const uint8_t *bytes, size_t &length, uint32_t *tokens, size_t &count);

/// Checks the tokens and writes the tape. `tokens[count]` must be `length`.
csj_report walk(const uint8_t *bytes, size_t length, const uint32_t *tokens, size_t count,
                size_t max_depth, csj_entry *tape, size_t capacity);

}  // namespace csj

#endif
