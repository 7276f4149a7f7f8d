#include "CSimdjson.h"

#include <simdjson.h>

#include <memory>
#include <new>

#include "Walker.h"

// simdjson's first stage finds the tokens and checks UTF-8 and quoting with vector instructions
// chosen at run time. It alone is used: the stages above it skip over what nobody asks for and do
// not tell where a fault lies.

struct csj_index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
    std::unique_ptr<uint32_t[]> portable_tokens;  // Only when `stage` found a fault or is not used.
    const uint32_t *tokens = nullptr;
    size_t count = 0;
    size_t length = 0;  // Less than the input's when a fault cuts it short.
    csj::Fault fault = {CSJ_OK, 0};
};

namespace {

/// An index with room for up to this many bytes is kept for the thread's next input (4 bytes each).
constexpr size_t kept_capacity = size_t(1) << 20;

thread_local std::unique_ptr<csj_index> spare;

/// The vector code that suits this processor, null if there is none: simdjson's scalar fallback
/// reads up to three bytes past an input that is cut within a UTF-8 sequence (seen with 3.0.1).
const simdjson::implementation *vector_code() {
    const simdjson::implementation *const best = simdjson::get_active_implementation();
    return best->name() == "fallback" ? nullptr : best;
}

bool find_tokens(csj_index &index, const uint8_t *bytes, size_t length) {
    static const simdjson::implementation *const code = vector_code();
    if (code == nullptr) return false;
    if (!index.stage || index.stage->capacity() < length) {
        // Growing by doubling keeps one index useful for inputs of many sizes.
        size_t room = 4096;
        while (room < length) room *= 2;
        if (code->create_dom_parser_implementation(room, 1, index.stage) != simdjson::SUCCESS) {
            index.stage.reset();
            return false;
        }
    }
    if (index.stage->stage1(bytes, length, simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
        return false;
    }
    index.tokens = index.stage->structural_indexes.get();
    index.count = index.stage->n_structural_indexes;
    index.stage->structural_indexes[index.count] = static_cast<uint32_t>(length);
    return true;
}

/// Also finds out where the fault lies that made `find_tokens` give up.
bool find_tokens_portably(csj_index &index, const uint8_t *bytes, size_t length) {
    index.portable_tokens.reset(new (std::nothrow) uint32_t[length + 1]);
    if (!index.portable_tokens) return false;
    index.fault =
        csj::index_portably(bytes, index.length, index.portable_tokens.get(), index.count);
    index.tokens = index.portable_tokens.get();
    return true;
}

std::unique_ptr<csj_index> make_index(const uint8_t *bytes, size_t length, bool portable) {
    std::unique_ptr<csj_index> index = std::move(spare);
    if (!index) index.reset(new (std::nothrow) csj_index);
    if (!index) return nullptr;
    index->length = length;
    index->fault = {CSJ_OK, 0};
    if (!portable && length > 0 && find_tokens(*index, bytes, length)) return index;
    return find_tokens_portably(*index, bytes, length) ? std::move(index) : nullptr;
}

}  // namespace

csj_index *csj_index_make(const uint8_t *bytes, size_t length, bool portable) {
    if (length > CSJ_MAX_LENGTH) return nullptr;
    try {
        return make_index(bytes, length, portable).release();
    } catch (...) {
        return nullptr;
    }
}

/// A well-formed input of n tokens has at most (n + 1) / 2 entries: a key brings a colon, a
/// container its closing bracket, and every value but the first of a container a comma.
size_t csj_index_capacity(const csj_index *index) { return index->count / 2 + 1; }

csj_report csj_index_walk(const csj_index *index, const uint8_t *bytes, size_t max_depth,
                          csj_entry *tape, size_t capacity) {
    const csj_report report = csj::walk(bytes, index->length, index->tokens, index->count,
                                        max_depth, tape, capacity);
    if (index->fault.reason == CSJ_OK) return report;
    // A fault of the grammar before the token that could not be read comes first.
    if (report.fault != CSJ_OK && report.offset < index->length) return report;
    return {index->fault.reason, static_cast<uint32_t>(index->fault.offset), 0};
}

void csj_index_free(csj_index *index) {
    std::unique_ptr<csj_index> owned(index);
    if (!owned) return;
    owned->portable_tokens.reset();
    owned->tokens = nullptr;
    if (owned->stage && owned->stage->capacity() <= kept_capacity) spare = std::move(owned);
}
