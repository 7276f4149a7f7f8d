// The least that a first sync can cost: fetch the pages, scan them, insert what they hold.
//
//     SyncFloor ADDRESS TOKEN PATTERN STORE
//
// PATTERN is a store that a first sync of the same account made. Its tables, indexes, settings and
// rows are read into memory first, which is not timed. Then the same pages are asked for, scanned,
// and every item is inserted with the values that the pattern has for it and the bytes that came:
// nothing is decided, compared or worked out. As in a sync each page is one transaction that is on
// disk before the next one begins, and the next page is read while one is stored. Prints one line
// of JSON: seconds and seconds of processor time from the first request to the closed file, items,
// and bytes of the pages.

#include <sys/resource.h>

#include <cctype>
#include <chrono>
#include <cstdio>
#include <exception>
#include <future>
#include <string>

#include "Fetch.h"
#include "Scan.h"
#include "Store.h"

namespace {

using namespace syncfloor;

double processor_seconds() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string escaped(const std::string &text) {
    std::string path;
    for (const unsigned char letter : text) {
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", letter);
        path += (std::isalnum(letter) != 0 || letter == '-' || letter == '.' || letter == '_')
            ? std::string(1, static_cast<char>(letter))
            : std::string(code);
    }
    return path;
}

std::string target(const Place &place, const std::string &next) {
    const std::string base = place.is_root
        ? "/calendar/v3/users/me/calendarList?maxResults=250&showHidden=true"
        : "/calendar/v3/calendars/" + escaped(place.remote_id) + "/events?maxResults=2500";
    return base + "&prettyPrint=false" + (next.empty() ? "" : "&pageToken=" + escaped(next));
}

struct Sum {
    size_t items = 0;
    size_t bytes = 0;
};

Page fetch(Connection &connection, const Place &place, const std::string &next) {
    Page page;
    page.body = connection.get(target(place, next));
    scan(page);
    return page;
}

Sum read(Connection &connection, Store &store, const Place &place) {
    Sum sum;
    Page page = fetch(connection, place, "");
    while (true) {
        std::future<Page> following;
        if (!page.next.empty()) {
            following = std::async(std::launch::async, [&connection, &place, next = page.next] {
                return fetch(connection, place, next);
            });
        }
        const size_t taken = store.take(page, place.id);
        if (!place.is_root) sum.items += taken;
        sum.bytes += page.body.size();
        if (!following.valid()) return sum;
        page = following.get();
    }
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 5) {
        std::fputs("usage: SyncFloor ADDRESS TOKEN PATTERN STORE\n", stderr);
        return 64;
    }
    try {
        const Pattern pattern(arguments[3]);
        const auto begun = std::chrono::steady_clock::now();
        const double processor = processor_seconds();
        Connection connection(arguments[1], arguments[2]);
        Store store(arguments[4], pattern);
        Sum sum;
        for (const Place &place : pattern.places) {
            const Sum more = read(connection, store, place);
            sum.items += more.items;
            sum.bytes += more.bytes;
        }
        store.close();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
        std::printf(
            "{\"seconds\":%.6f,\"cpu\":%.6f,\"items\":%zu,\"bytes\":%zu}\n", seconds.count(),
            processor_seconds() - processor, sum.items, sum.bytes);
        return 0;
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "SyncFloor: %s\n", failure.what());
        return 1;
    }
}
