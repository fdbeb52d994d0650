package io.dray.core.wire;

import java.util.Optional;

/** The identity of one envelope: its sender's session and its number there. As text: hex session, '-', sequence. */
public record MessageId(long session, long sequence) {
    /** Returns the id in a text such as {@code 00c0ffee00c0ffee-17}; empty when it is none. */
    public static Optional<MessageId> parse(String text) {
        int dash = text.indexOf('-');
        if (dash != 16) {
            return Optional.empty();
        }
        try {
            long session = Long.parseUnsignedLong(text, 0, dash, 16);
            long sequence = Long.parseUnsignedLong(text, dash + 1, text.length(), 10);
            return Optional.of(new MessageId(session, sequence));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return String.format("%016x-%s", session, Long.toUnsignedString(sequence));
    }
}
