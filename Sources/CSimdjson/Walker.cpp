#include "Walker.h"

namespace csj {
namespace {

struct Frame {
    uint32_t entry;
    uint32_t count;
    bool is_object;
};

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Value of four hexadecimal digits, -1 if they are not.
int hex4(const uint8_t *digits) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const uint8_t byte = digits[i];
        int digit;
        if (is_digit(byte)) digit = byte - '0';
        else if (byte >= 'a' && byte <= 'f') digit = byte - 'a' + 10;
        else if (byte >= 'A' && byte <= 'F') digit = byte - 'A' + 10;
        else return -1;
        value = value * 16 + digit;
    }
    return value;
}

/// Bits set where a byte of the word is a backslash (exact for "is there any").
uint64_t backslashes(uint64_t word) {
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    const uint64_t zeros = word ^ (ones * '\\');
    return (zeros - ones) & ~zeros & tops;
}

bool has_backslash(const uint8_t *from, const uint8_t *to) {
    if (to - from >= 8) {
        for (const uint8_t *at = from; at + 8 < to; at += 8) {
            uint64_t word;
            memcpy(&word, at, 8);
            if (backslashes(word)) return true;
        }
        uint64_t last;
        memcpy(&last, to - 8, 8);
        return backslashes(last) != 0;
    }
    for (; from < to; from++) {
        if (*from == '\\') return true;
    }
    return false;
}

class Walk {
  public:
    Walk(const uint8_t *bytes, size_t length, const uint32_t *tokens, size_t count,
         size_t max_depth, csj_entry *tape, size_t capacity)
        : bytes(bytes), length(length), tokens(tokens), count(count), tape(tape),
          capacity(capacity), max_depth(max_depth < CSJ_MAX_DEPTH ? max_depth : CSJ_MAX_DEPTH) {}

    csj_report run() {
        if (document()) return {CSJ_OK, 0, entries};
        return {fault.reason, static_cast<uint32_t>(fault.offset), 0};
    }

  private:
    const uint8_t *const bytes;
    const size_t length;
    const uint32_t *const tokens;
    const size_t count;
    csj_entry *const tape;
    const size_t capacity;
    const size_t max_depth;
    size_t position = 0;
    size_t entries = 0;
    size_t depth = 0;
    Fault fault = {CSJ_OK, 0};
    Frame frames[CSJ_MAX_DEPTH];

    bool fail(uint32_t reason, size_t offset) {
        fault = {reason, offset};
        return false;
    }

    bool fail_here(uint32_t reason) {
        if (position >= count) return fail(CSJ_UNEXPECTED_END, length);
        return fail(reason, tokens[position]);
    }

    /// The first byte of the token in turn; 0, which begins no good token, at the end.
    uint8_t peek() const { return position < count ? bytes[tokens[position]] : 0; }

    /// Writes one entry. The capacity bounds every well-formed input, so once it is used up a fault
    /// is certain, and only its place is still to be found.
    void emit(uint32_t kind, size_t start, size_t end, bool flag) {
        if (entries < capacity) {
            tape[entries] = {static_cast<uint32_t>(start), static_cast<uint32_t>(end),
                             static_cast<uint32_t>(entries + 1), kind | (flag ? 8u : 0u)};
        }
        entries++;
    }

    /// Makes sure that only white space lies between a word or number and the next token.
    bool ends_at(size_t end, size_t limit, uint32_t reason, size_t start) {
        while (end < limit && is_space(bytes[end])) end++;
        if (end == limit) return true;
        // Some vector code takes some control characters for tokens of their own; the fault must
        // not depend on the processor.
        if (bytes[end] < 0x20) return fail(depth == 0 ? CSJ_TRAILING : CSJ_EXPECTED_COMMA, end);
        return fail(reason, start);
    }

    bool document() {
        if (count == 0) return fail(CSJ_EMPTY, length);
        if (!value()) return false;
        while (depth > 0) {
            if (!step()) return false;
        }
        if (position < count) return fail(CSJ_TRAILING, tokens[position]);
        return entries <= capacity || fail(CSJ_MEMORY, length);
    }

    /// Takes one element or member of the innermost container, or closes it.
    bool step() {
        Frame &frame = frames[depth - 1];
        const uint8_t byte = peek();
        if (byte == (frame.is_object ? '}' : ']')) {
            close(frame);
            return true;
        }
        if (frame.count > 0) {
            if (byte != ',') return fail_here(CSJ_EXPECTED_COMMA);
            position++;
        }
        frame.count++;
        if (frame.is_object) {
            if (peek() != '"') return fail_here(CSJ_EXPECTED_KEY);
            if (!string()) return false;
            if (peek() != ':') return fail_here(CSJ_EXPECTED_COLON);
            position++;
        }
        return value();
    }

    void close(const Frame &frame) {
        if (frame.entry < capacity) {
            csj_entry &entry = tape[frame.entry];
            entry.end = tokens[position] + 1;
            entry.next = static_cast<uint32_t>(entries);
            entry.info |= frame.count << 4;
        }
        position++;
        depth--;
    }

    bool value() {
        switch (peek()) {
            case '"': return string();
            case '{': return open(CSJ_OBJECT);
            case '[': return open(CSJ_ARRAY);
            case '-': case '0': case '1': case '2': case '3': case '4':
            case '5': case '6': case '7': case '8': case '9': return number();
            case 't': return word("true", 4, CSJ_BOOL, true);
            case 'f': return word("false", 5, CSJ_BOOL, false);
            case 'n': return word("null", 4, CSJ_NULL, false);
            default: return fail_here(CSJ_EXPECTED_VALUE);
        }
    }

    bool open(uint32_t kind) {
        if (depth >= max_depth) return fail(CSJ_DEPTH, tokens[position]);
        frames[depth++] = {static_cast<uint32_t>(entries), 0, kind == CSJ_OBJECT};
        emit(kind, tokens[position], tokens[position], false);
        position++;
        return true;
    }

    bool word(const char *text, size_t size, uint32_t kind, bool flag) {
        const size_t start = tokens[position], limit = tokens[position + 1];
        if (limit - start < size || memcmp(bytes + start, text, size) != 0) {
            return fail(CSJ_LITERAL, start);
        }
        if (!ends_at(start + size, limit, CSJ_LITERAL, start)) return false;
        emit(kind, start, start + size, flag);
        position++;
        return true;
    }

    bool number() {
        const size_t start = tokens[position], limit = tokens[position + 1];
        size_t at = start + (bytes[start] == '-');
        const bool leads_with_zero = at < limit && bytes[at] == '0';
        if (!digits(at, limit, leads_with_zero ? 1 : limit)) return fail(CSJ_NUMBER_GRAMMAR, at);
        bool flag = false;
        if (at < limit && bytes[at] == '.') {
            flag = true;
            at++;
            if (!digits(at, limit, limit)) return fail(CSJ_NUMBER_GRAMMAR, at);
        }
        if (at < limit && (bytes[at] == 'e' || bytes[at] == 'E')) {
            flag = true;
            at++;
            if (at < limit && (bytes[at] == '+' || bytes[at] == '-')) at++;
            if (!digits(at, limit, limit)) return fail(CSJ_NUMBER_GRAMMAR, at);
        }
        if (at != limit && !ends_at(at, limit, CSJ_NUMBER_GRAMMAR, at)) return false;
        emit(CSJ_NUMBER, start, at, flag);
        position++;
        return true;
    }

    /// Moves over at least one and at most `most` digits.
    bool digits(size_t &at, size_t limit, size_t most) const {
        const size_t start = at;
        while (at < limit && at - start < most && is_digit(bytes[at])) at++;
        return at > start;
    }

    /// The closing quote is the last byte before the next token that is not white space: a token
    /// begins at every other byte outside strings.
    bool string() {
        const size_t start = tokens[position], limit = tokens[position + 1];
        size_t last = limit - 1;
        while (last > start && is_space(bytes[last])) last--;
        if (last == start || bytes[last] != '"') return fail(CSJ_UNCLOSED_STRING, start);
        const bool escaped = has_backslash(bytes + start + 1, bytes + last);
        if (escaped && !escapes(start + 1, last)) return false;
        emit(CSJ_STRING, start, last + 1, escaped);
        position++;
        return true;
    }

    bool escapes(size_t at, size_t end) {
        while (at < end) {
            const void *found = memchr(bytes + at, '\\', end - at);
            if (found == nullptr) return true;
            at = static_cast<size_t>(static_cast<const uint8_t *>(found) - bytes);
            if (end - at < 2) return fail(CSJ_ESCAPE, at);
            switch (bytes[at + 1]) {
                case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
                    at += 2;
                    break;
                case 'u':
                    if (!unicode_escape(at, end)) return false;
                    break;
                default: return fail(CSJ_ESCAPE, at);
            }
        }
        return true;
    }

    bool unicode_escape(size_t &at, size_t end) {
        const int unit = end - at < 6 ? -1 : hex4(bytes + at + 2);
        if (unit < 0) return fail(CSJ_ESCAPE, at);
        if (unit >= 0xDC00 && unit <= 0xDFFF) return fail(CSJ_SURROGATE, at);
        if (unit < 0xD800 || unit > 0xDBFF) {
            at += 6;
            return true;
        }
        const bool paired = end - at >= 12 && bytes[at + 6] == '\\' && bytes[at + 7] == 'u';
        const int second = paired ? hex4(bytes + at + 8) : -1;
        if (second < 0xDC00 || second > 0xDFFF) return fail(CSJ_SURROGATE, at);
        at += 12;
        return true;
    }
};

}  // namespace

csj_report walk(const uint8_t *bytes, size_t length, const uint32_t *tokens, size_t count,
                size_t max_depth, csj_entry *tape, size_t capacity) {
    return Walk(bytes, length, tokens, count, max_depth, tape, capacity).run();
}

}  // namespace csj
