// Where the items of a page lie in its bytes.

#ifndef SYNCFLOOR_SCAN_H
#define SYNCFLOOR_SCAN_H

#include <string>
#include <string_view>
#include <vector>

namespace syncfloor {

/// One item: its name, and its bytes as they came.
struct Item {
    std::string id;
    std::string_view bytes;
};

/// A page, and the items that point into it.
struct Page {
    std::string body;
    std::vector<Item> items;
    /// What asks for the next page; empty for the last one.
    std::string next;
};

/// Scans a page in one pass over its tokens.
void scan(Page &page);

}  // namespace syncfloor

#endif
