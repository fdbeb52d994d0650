package io.dray.agent;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The one event loop that all attachments of this process share; it runs until the process ends. Guarded by the class.
 */
final class SharedLoops {
    private static @Nullable EventLoops loops;

    private SharedLoops() {}

    /** Returns the loop, started on the first call, whose transport decides for all. */
    static synchronized EventLoops get(String transport) {
        EventLoops running = loops;
        if (running == null) {
            running = EventLoops.startForCallers(Transport.parse(transport), "dray-agent");
            loops = running;
        }
        return running;
    }
}
