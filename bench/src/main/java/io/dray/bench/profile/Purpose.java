package io.dray.bench.profile;

/** What a process uses its CPU for. Thread-safe. */
enum Purpose {
    READ("system calls: read"),
    WRITE("system calls: write"),
    WAIT("system calls: epoll, wake-ups, parks, clocks"),
    COPY("copies of bytes"),
    NETTY("Netty: event loop, channels, buffers"),
    HTTP2("HTTP/2 and gRPC"),
    ROUTE("sidecar: walk, routing, queues"),
    SDK("SDK"),
    LOAD("handlers and load generator"),
    COMPRESS("compression"),
    JIT("JIT compiler"),
    GC("GC and safepoints"),
    OTHER("other");

    private final String title;

    Purpose(String title) {
        this.title = title;
    }

    /** In words, for tables. */
    String title() {
        return title;
    }
}
