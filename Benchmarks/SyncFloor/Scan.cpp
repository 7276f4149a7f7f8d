#include "Scan.h"

#include <simdjson.h>

namespace syncfloor {

namespace {

Item item(simdjson::ondemand::object object) {
    Item found;
    const std::string_view id = object["id"].get_string();
    found.id = std::string(id);
    object.reset();
    std::string_view bytes = object.raw_json();
    // The raw text reaches to the next token.
    while (!bytes.empty() && bytes.back() != '}') bytes.remove_suffix(1);
    found.bytes = bytes;
    return found;
}

}  // namespace

void scan(Page &page) {
    static thread_local simdjson::ondemand::parser parser;
    page.body.reserve(page.body.size() + simdjson::SIMDJSON_PADDING);
    auto document = parser.iterate(page.body.data(), page.body.size(), page.body.capacity());
    for (auto field : document.get_object()) {
        const std::string_view key = field.unescaped_key();
        if (key == "nextPageToken") {
            const std::string_view next = field.value().get_string();
            page.next = std::string(next);
        } else if (key == "items") {
            for (auto one : field.value().get_array()) page.items.push_back(item(one.get_object()));
        }
    }
}

}  // namespace syncfloor
