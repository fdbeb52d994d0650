package io.dray.sidecar;

import io.dray.agent.v1.AttachResponse;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Control fields that wait to be said to an agent beside envelopes, in as many frames as their size asks for: a client
 * with default options reads no frame over 4 MiB. Thread-safe.
 */
final class AttachWords {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MANY_FRAMES = 16;

    private final ArrayDeque<AttachResponse.Builder> waiting = new ArrayDeque<>();
    private int lastBytes;

    /** Adds words of about so many bytes. */
    synchronized void add(int bytes, Consumer<AttachResponse.Builder> words) {
        if (waiting.isEmpty() || lastBytes + bytes > MAX_BYTES) {
            waiting.add(AttachResponse.newBuilder());
            lastBytes = 0;
        }
        lastBytes += bytes;
        words.accept(waiting.getLast());
    }

    /** Whether the agent leaves so much unread that nothing more should be heard from it for now. */
    synchronized boolean isCrowded() {
        return waiting.size() > MANY_FRAMES;
    }

    /** Takes the words of one frame; null when nothing waits. */
    synchronized @Nullable AttachResponse take() {
        AttachResponse.Builder taken = waiting.poll();
        return taken == null ? null : taken.build();
    }
}
