package io.dray.agent;

import io.dray.types.v1.Window;

/** What the sidecar lets us send, as totals since the handshake; one envelope may overshoot the bytes. Loop only. */
final class SendWindow {
    private long messagesAllowed = Long.MAX_VALUE;
    private long bytesAllowed = Long.MAX_VALUE;
    private long messages;
    private long bytes;

    /** Starts over without limit, which holds until the sidecar gives a window. */
    void restart() {
        messagesAllowed = Long.MAX_VALUE;
        bytesAllowed = Long.MAX_VALUE;
        messages = 0;
        bytes = 0;
    }

    void update(Window window) {
        messagesAllowed = window.getMessages();
        bytesAllowed = window.getBytes();
    }

    boolean isOpen() {
        return messages < messagesAllowed && bytes < bytesAllowed;
    }

    void onSent(int envelopeBytes) {
        messages++;
        bytes += envelopeBytes;
    }
}
