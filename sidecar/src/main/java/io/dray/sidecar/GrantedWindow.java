package io.dray.sidecar;

import io.dray.types.v1.Window;

/**
 * What an agent was told that it may send, as totals since its Welcome. Widened before it is used up: reading stops by the
 * source's budget, not by the window. Owned by the stream's loop.
 */
final class GrantedWindow {
    private static final long MESSAGES = 64 * 1024;

    private final long bytesAhead;
    private long receivedMessages;
    private long receivedBytes;
    private long grantedMessages = MESSAGES;
    private long grantedBytes;

    /**
     * Creates the first grant.
     *
     * @param bytesAhead how many bytes the agent may be ahead
     */
    GrantedWindow(long bytesAhead) {
        this.bytesAhead = bytesAhead;
        this.grantedBytes = bytesAhead;
    }

    Window window() {
        return Window.newBuilder()
                .setMessages(grantedMessages)
                .setBytes(grantedBytes)
                .build();
    }

    /** Notes an envelope that came. */
    void received(int bytes) {
        receivedMessages++;
        receivedBytes += bytes;
    }

    /** Grants more once half is used up; whether it did. */
    boolean widen() {
        if (grantedMessages - receivedMessages >= MESSAGES / 2 && grantedBytes - receivedBytes >= bytesAhead / 2) {
            return false;
        }
        grantedMessages = receivedMessages + MESSAGES;
        grantedBytes = receivedBytes + bytesAhead;
        return true;
    }
}
