#include "Store.h"

#include <stdexcept>

namespace syncfloor {

namespace {

void check(int code, sqlite3 *database) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database));
}

void run(sqlite3 *database, const std::string &sql) {
    check(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), database);
}

sqlite3_stmt *prepare(sqlite3 *database, const std::string &sql) {
    sqlite3_stmt *statement = nullptr;
    check(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), database);
    return statement;
}

Value value(sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate();
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    default: {
        const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, column));
        const int count = sqlite3_column_bytes(statement, column);
        // A blob is told from a text by a first byte, so that it comes back as one.
        const char kind = sqlite3_column_type(statement, column) == SQLITE_BLOB ? 'b' : 't';
        return kind + (count > 0 ? std::string(bytes, static_cast<size_t>(count)) : std::string());
    }
    }
}

void bind(sqlite3_stmt *statement, int number, const Value &value) {
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        sqlite3_bind_int64(statement, number, *integer);
    } else if (const auto *bytes = std::get_if<std::string>(&value)) {
        const int count = static_cast<int>(bytes->size()) - 1;
        if (bytes->front() == 'b') {
            sqlite3_bind_blob(statement, number, bytes->data() + 1, count, SQLITE_STATIC);
        } else {
            sqlite3_bind_text(statement, number, bytes->data() + 1, count, SQLITE_STATIC);
        }
    } else {
        sqlite3_bind_null(statement, number);
    }
}

/// Every row of a query, value by value.
std::vector<std::vector<Value>> rows(sqlite3 *database, const std::string &sql) {
    sqlite3_stmt *statement = prepare(database, sql);
    std::vector<std::vector<Value>> found;
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        std::vector<Value> row;
        for (int column = 0; column < sqlite3_column_count(statement); column += 1) {
            row.push_back(value(statement, column));
        }
        found.push_back(std::move(row));
    }
    sqlite3_finalize(statement);
    check(code, database);
    return found;
}

std::string text(const Value &value) {
    const auto *bytes = std::get_if<std::string>(&value);
    return bytes == nullptr ? std::string() : bytes->substr(1);
}

/// `INSERT INTO table (columns) VALUES (?, …)`.
std::string insert_statement(const std::string &table, const std::vector<std::string> &columns) {
    std::string names, marks;
    for (const auto &column : columns) {
        names += (names.empty() ? "" : ", ") + column;
        marks += marks.empty() ? "?" : ", ?";
    }
    return "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")";
}

std::vector<std::string> columns(sqlite3 *database, const std::string &table) {
    std::vector<std::string> names;
    for (const auto &row : rows(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
        names.push_back(text(row.at(0)));
    }
    return names;
}

}  // namespace

Pattern::Pattern(const std::string &path) {
    sqlite3 *database = nullptr;
    check(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), database);
    // SQLite makes the inner tables of an index of words itself, and the planner's statistics.
    for (const auto &row : rows(
             database,
             "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
             "AND name NOT LIKE 'resource_words_%' ORDER BY rowid")) {
        schema.push_back(text(row.at(0)));
    }
    for (const char *table : {"users", "accounts", "collections"}) {
        before.push_back(
            {insert_statement(table, columns(database, table)),
             rows(database, std::string("SELECT * FROM ") + table)});
    }
    for (const auto &row : rows(
             database,
             "SELECT id, remote_id, is_root FROM collections ORDER BY is_root DESC, id")) {
        places.push_back(
            {text(row.at(0)), text(row.at(1)), std::get<std::int64_t>(row.at(2)) == 1});
    }
    std::vector<std::string> names;
    std::string list;
    for (const auto &name : columns(database, "resources")) {
        if (name == "row_key" || name == "base") continue;
        names.push_back(name);
        list += (list.empty() ? "" : ", ") + name;
    }
    for (auto &row : rows(
             database,
             "SELECT collection_id, remote_id, " + list + " FROM resources ORDER BY row_key")) {
        const std::string place = key(text(row.at(0)), text(row.at(1)));
        row.erase(row.begin(), row.begin() + 2);
        resources.emplace(place, std::move(row));
    }
    names.push_back("base");
    insertion = insert_statement("resources", names);
    sqlite3_close(database);
}

Store::Store(const std::string &path, const Pattern &pattern) : pattern_(pattern) {
    check(
        sqlite3_open_v2(
            path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr),
        database_);
    // The settings of the store that is compared with.
    for (const char *setting :
         {"page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY",
          "cache_size = -16384", "wal_autocheckpoint = 3072", "foreign_keys = ON"}) {
        run(database_, std::string("PRAGMA ") + setting);
    }
    run(database_, "BEGIN IMMEDIATE");
    for (const auto &sql : pattern.schema) run(database_, sql);
    for (const auto &table : pattern.before) insert(table);
    run(database_, "COMMIT");
    insertion_ = prepare(database_, pattern.insertion);
    words_ = prepare(
        database_,
        "INSERT INTO resource_words (rowid, words) SELECT row_key, words FROM resources "
        "WHERE row_key > ?");
}

Store::~Store() {
    sqlite3_finalize(insertion_);
    sqlite3_finalize(words_);
    sqlite3_close(database_);
}

void Store::insert(const Table &table) {
    sqlite3_stmt *statement = prepare(database_, table.statement);
    for (const auto &row : table.rows) {
        for (size_t index = 0; index < row.size(); index += 1) {
            bind(statement, static_cast<int>(index) + 1, row[index]);
        }
        check(sqlite3_step(statement), database_);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

size_t Store::take(const Page &page, const std::string &collection) {
    run(database_, "BEGIN IMMEDIATE");
    std::int64_t first = 0;
    for (const auto &item : page.items) {
        const auto found = pattern_.resources.find(Pattern::key(collection, item.id));
        if (found == pattern_.resources.end()) {
            throw std::runtime_error("the pattern does not have " + item.id);
        }
        int number = 1;
        for (const auto &value : found->second) bind(insertion_, number++, value);
        sqlite3_bind_blob(
            insertion_, number, item.bytes.data(), static_cast<int>(item.bytes.size()),
            SQLITE_STATIC);
        check(sqlite3_step(insertion_), database_);
        sqlite3_reset(insertion_);
        if (first == 0) first = sqlite3_last_insert_rowid(database_);
    }
    index_words(first - 1);
    run(database_, "COMMIT");
    return page.items.size();
}

void Store::index_words(std::int64_t last) {
    if (last < 0) return;
    sqlite3_bind_int64(words_, 1, last);
    check(sqlite3_step(words_), database_);
    sqlite3_reset(words_);
}

void Store::close() {
    sqlite3_finalize(insertion_);
    sqlite3_finalize(words_);
    insertion_ = words_ = nullptr;
    check(sqlite3_close(database_), nullptr);
    database_ = nullptr;
}

}  // namespace syncfloor
