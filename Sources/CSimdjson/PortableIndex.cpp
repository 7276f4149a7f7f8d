#include "Walker.h"

namespace csj {
namespace {

bool is_operator(uint8_t byte) {
    switch (byte) {
        case '{': case '}': case '[': case ']': case ',': case ':': return true;
        default: return false;
    }
}

/// Length of the UTF-8 sequence at `offset`, 0 if it is ill-formed (RFC 3629 section 4).
size_t sequence_length(const uint8_t *bytes, size_t length, size_t offset) {
    const uint8_t lead = bytes[offset];
    if (lead < 0x80) return 1;
    size_t tail = 0;
    uint8_t low = 0x80, high = 0xBF;  // What the second byte may be.
    if (lead >= 0xC2 && lead <= 0xDF) {
        tail = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        tail = 2;
        if (lead == 0xE0) low = 0xA0;   // Overlong otherwise.
        if (lead == 0xED) high = 0x9F;  // Surrogates otherwise.
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        tail = 3;
        if (lead == 0xF0) low = 0x90;   // Overlong otherwise.
        if (lead == 0xF4) high = 0x8F;  // Above U+10FFFF otherwise.
    } else {
        return 0;
    }
    if (length - offset <= tail) return 0;
    if (bytes[offset + 1] < low || bytes[offset + 1] > high) return 0;
    for (size_t i = 2; i <= tail; i++) {
        if ((bytes[offset + i] & 0xC0) != 0x80) return 0;
    }
    return tail + 1;
}

/// Moves `offset` from an opening quote to behind the closing one.
Fault skip_string(const uint8_t *bytes, size_t length, size_t &offset) {
    const size_t start = offset++;
    while (offset < length) {
        const uint8_t byte = bytes[offset];
        if (byte == '"') {
            offset++;
            return {CSJ_OK, 0};
        }
        if (byte < 0x20) return {CSJ_CONTROL, offset};
        if (byte == '\\') {
            offset++;
            // What follows the backslash is looked at by the walk, unless it is no text at all.
            if (offset < length && bytes[offset] < 0x20) return {CSJ_CONTROL, offset};
            if (offset < length && bytes[offset] < 0x80) offset++;
            continue;
        }
        const size_t width = sequence_length(bytes, length, offset);
        if (width == 0) return {CSJ_UTF8, offset};
        offset += width;
    }
    return {CSJ_UNCLOSED_STRING, start};
}

}  // namespace

Fault index_portably(const uint8_t *bytes, size_t &length, uint32_t *tokens, size_t &count) {
    const size_t whole = length;
    size_t offset = 0;
    bool in_word = false;
    count = 0;
    while (offset < whole) {
        const uint8_t byte = bytes[offset];
        const bool starts = !is_space(byte) && (is_operator(byte) || !in_word);
        if (starts) tokens[count++] = static_cast<uint32_t>(offset);
        if (byte == '"') {
            const size_t start = offset;
            const Fault fault = skip_string(bytes, whole, offset);
            in_word = false;
            if (fault.reason != CSJ_OK) {
                if (starts) count--;
                length = start;
                tokens[count] = static_cast<uint32_t>(length);
                return fault;
            }
            continue;
        }
        const size_t width = sequence_length(bytes, whole, offset);
        if (width == 0) {
            if (starts) count--;
            length = offset;
            tokens[count] = static_cast<uint32_t>(length);
            return {CSJ_UTF8, offset};
        }
        in_word = !is_space(byte) && !is_operator(byte);
        offset += width;
    }
    tokens[count] = static_cast<uint32_t>(whole);
    return {CSJ_OK, 0};
}

}  // namespace csj
