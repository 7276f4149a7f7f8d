// One connection that asks for pages, with nothing around it.

#ifndef SYNCFLOOR_FETCH_H
#define SYNCFLOOR_FETCH_H

#include <string>

namespace syncfloor {

/// A connection to a server on loopback, kept open from request to request.
class Connection {
public:
    /// `address` is `http://HOST:PORT`.
    Connection(const std::string &address, std::string token);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// The body of an answer, unpacked where it came packed. Throws unless it is a 200.
    std::string get(const std::string &target);

    /// Bytes of bodies as they came over the wire.
    size_t wire_bytes() const { return wire_bytes_; }

private:
    std::string read_until(const char *mark);
    std::string read_exactly(size_t count);
    std::string read_chunks();
    void read_some();

    int socket_;
    std::string host_;
    std::string token_;
    std::string buffered_;
    size_t wire_bytes_ = 0;
};

}  // namespace syncfloor

#endif
