#include "Fetch.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <stdexcept>

namespace syncfloor {

namespace {

int connect_to(const std::string &host, const std::string &port) {
    addrinfo hints = {};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
        throw std::runtime_error("no such host: " + host);
    }
    const int handle = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    const bool connected = handle >= 0 && connect(handle, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!connected) throw std::runtime_error("cannot connect to " + host + ":" + port);
    return handle;
}

std::string unpacked(const std::string &packed) {
    z_stream stream = {};
    // 16 stands for the header of gzip.
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::runtime_error("no zlib");
    std::string plain(packed.size() * 8 + 4096, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int code = Z_OK;
    while (code == Z_OK) {
        if (stream.total_out == plain.size()) plain.resize(plain.size() * 2);
        stream.next_out = reinterpret_cast<Bytef *>(plain.data()) + stream.total_out;
        stream.avail_out = static_cast<uInt>(plain.size() - stream.total_out);
        code = inflate(&stream, Z_NO_FLUSH);
    }
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    if (code != Z_STREAM_END) throw std::runtime_error("an answer cannot be unpacked");
    return plain;
}

/// The value of a header field; empty where there is none. Names are compared without case.
std::string field(const std::string &head, std::string name) {
    std::string lowered = head;
    for (auto *text : {&lowered, &name}) {
        std::transform(text->begin(), text->end(), text->begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
    }
    const size_t place = lowered.find("\r\n" + name + ":");
    if (place == std::string::npos) return "";
    size_t start = place + name.size() + 3;
    while (start < lowered.size() && lowered[start] == ' ') start += 1;
    return lowered.substr(start, lowered.find("\r\n", start) - start);
}

}  // namespace

Connection::Connection(const std::string &address, std::string token) : token_(std::move(token)) {
    const std::string scheme = "http://";
    const size_t colon = address.rfind(':');
    if (address.compare(0, scheme.size(), scheme) != 0 || colon <= scheme.size()) {
        throw std::runtime_error("the address is not http://HOST:PORT");
    }
    host_ = address.substr(scheme.size());
    socket_ = connect_to(
        address.substr(scheme.size(), colon - scheme.size()), address.substr(colon + 1));
}

Connection::~Connection() { close(socket_); }

std::string Connection::get(const std::string &target) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + host_
        + "\r\nAuthorization: Bearer " + token_
        + "\r\nUser-Agent: sync-floor (gzip)\r\nAccept-Encoding: gzip\r\n\r\n";
    for (size_t sent = 0; sent < request.size();) {
        const ssize_t count = send(socket_, request.data() + sent, request.size() - sent, 0);
        if (count <= 0) throw std::runtime_error("the server hung up");
        sent += static_cast<size_t>(count);
    }
    const std::string head = read_until("\r\n\r\n");
    if (head.compare(0, 13, "HTTP/1.1 200 ") != 0) {
        throw std::runtime_error(target + " was answered with " + head.substr(0, 12));
    }
    const std::string length = field(head, "content-length");
    std::string body = field(head, "transfer-encoding") == "chunked"
        ? read_chunks()
        : read_exactly(length.empty() ? 0 : std::stoul(length));
    wire_bytes_ += body.size();
    return field(head, "content-encoding") == "gzip" ? unpacked(body) : body;
}

void Connection::read_some() {
    const size_t before = buffered_.size();
    const size_t room = 256 << 10;
    buffered_.resize(before + room);
    const ssize_t count = recv(socket_, buffered_.data() + before, room, 0);
    buffered_.resize(before + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count <= 0) throw std::runtime_error("the server hung up");
}

std::string Connection::read_until(const char *mark) {
    size_t place = buffered_.find(mark);
    while (place == std::string::npos) {
        read_some();
        place = buffered_.find(mark);
    }
    return read_exactly(place + std::strlen(mark));
}

std::string Connection::read_exactly(size_t count) {
    while (buffered_.size() < count) read_some();
    std::string taken = buffered_.substr(0, count);
    buffered_.erase(0, count);
    return taken;
}

std::string Connection::read_chunks() {
    std::string body;
    while (true) {
        const size_t count = std::stoul(read_until("\r\n"), nullptr, 16);
        body += read_exactly(count);
        read_exactly(2);
        if (count == 0) return body;
    }
}

}  // namespace syncfloor
