// A store with the tables, indexes and rows of another one.

#ifndef SYNCFLOOR_STORE_H
#define SYNCFLOOR_STORE_H

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "Scan.h"

namespace syncfloor {

using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// The rows of one table; `statement` inserts one of them.
struct Table {
    std::string statement;
    std::vector<std::vector<Value>> rows;
};

/// A collection as the pattern holds it.
struct Place {
    std::string id;
    std::string remote_id;
    bool is_root;
};

/// What the finished store of a sync consists of.
struct Pattern {
    /// Reads all of a store into memory.
    explicit Pattern(const std::string &path);

    /// What makes an empty store of the same form.
    std::vector<std::string> schema;
    /// What stands in the tables that resources point at.
    std::vector<Table> before;
    std::vector<Place> places;
    /// How a resource is inserted, `base` as its last value.
    std::string insertion;
    /// The values of each resource but its `base`, by collection and name.
    std::unordered_map<std::string, std::vector<Value>> resources;

    static std::string key(const std::string &collection, const std::string &remote_id) {
        return collection + '\n' + remote_id;
    }
};

/// A new store, filled page by page.
class Store {
public:
    Store(const std::string &path, const Pattern &pattern);
    ~Store();
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    /// Stores one page in one transaction. Returns how many items it had.
    size_t take(const Page &page, const std::string &collection);

    /// Folds the log into the file.
    void close();

private:
    void insert(const Table &table);
    /// Enters the words of the rows behind `last`, where they are the transaction's first.
    void index_words(std::int64_t last);

    const Pattern &pattern_;
    sqlite3 *database_ = nullptr;
    sqlite3_stmt *insertion_ = nullptr;
    sqlite3_stmt *words_ = nullptr;
};

}  // namespace syncfloor

#endif
