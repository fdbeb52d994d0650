package io.dray.core.net;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection whose outflow somebody wants to know. Windows grow only while the connection is read, and
 * what they allow is sent after that: so what they lose between reads was sent. Owned by the connection's event loop;
 * without such calls a read costs a look at an empty list.
 */
final class ConnectionOutflows {
    private final List<Outflow> counted = new ArrayList<>();
    private @Nullable Http2Connection connection;

    /** HTTP/2 is spoken from now on. */
    void open(Http2Connection http2) {
        connection = http2;
    }

    void add(Outflow outflow) {
        if (!outflow.isClosed()) {
            counted.add(outflow);
            outflow.allowed(window(outflow));
        }
    }

    void remove(Outflow outflow) {
        counted.remove(outflow);
    }

    /** Counts what was sent since the last read. */
    void count() {
        for (int i = 0; i < counted.size(); i++) {
            Outflow outflow = counted.get(i);
            outflow.left(window(outflow));
        }
    }

    /** Notes what clients allow after a read. */
    void noteAllowed() {
        for (int i = 0; i < counted.size(); i++) {
            Outflow outflow = counted.get(i);
            outflow.allowed(window(outflow));
        }
    }

    private int window(Outflow outflow) {
        Http2Connection http2 = connection;
        Http2Stream stream = http2 == null ? null : http2.stream(outflow.stream());
        return http2 == null || stream == null
                ? 0
                : http2.remote().flowController().windowSize(stream);
    }
}
