package io.dray.bench.load;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever can be asked and says when it is done. Callbacks run on the system's own threads and must not block. */
public interface Requester {
    /**
     * Asks once.
     *
     * @param payload what is asked; nobody changes it any more
     * @param done gets null, or why it failed; exactly once
     */
    void request(byte[] payload, Consumer<@Nullable Throwable> done);
}
