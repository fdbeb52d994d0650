package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import io.dray.core.config.DataSize;
import io.dray.core.net.ChannelSettings;
import io.dray.core.wire.WireLimits;
import java.util.Map;

/**
 * How much an attachment holds and gathers; immutable, each {@code with...} returns a changed copy. The defaults suit all
 * but special cases; {@code dray bench run --suite settings} shows what others buy. A variable of the environment, such
 * as {@code DRAY_AGENT_OUTBOX=4MiB}, changes a default.
 *
 * @param payload bytes of received payloads over 64 KiB that come or are handled at a time, replies apart; a larger one
 *     is refused; default 256 MiB
 * @param outbox bytes that wait to leave before {@code send} waits, 64 KiB to 256 MiB; default 1 MiB
 *     ({@code DRAY_AGENT_OUTBOX}): more is no faster, and is refused when a destination is paused
 * @param frame bytes of envelopes in one frame, 4 KiB to 512 KiB; default 120 KiB
 *     ({@code DRAY_AGENT_FRAME}), which with what rides in it fits the 128 KiB that sidecars have arrays for
 * @param envelopes in one frame, 1 to 1,024; default 1,024 ({@code DRAY_AGENT_ENVELOPES})
 * @param window HTTP/2 window: what the sidecar may send before it is read, 64 KiB to 16 MiB; default 1 MiB
 *     ({@code DRAY_AGENT_WINDOW})
 */
@CheckReturnValue
public record Buffers(long payload, int outbox, int frame, int envelopes, int window) {
    static final Buffers DEFAULTS =
            new Buffers(WireLimits.MAX_PAYLOAD_BYTES, 1 << 20, 120 * 1024, 1_024, ChannelSettings.AGENT_WINDOW_BYTES);

    /** Checks the ranges. */
    public Buffers {
        if (payload < 0) {
            throw new IllegalArgumentException("payload: " + payload + " (expected: >= 0 bytes)");
        }
        check("outbox", outbox, 64 * 1024, 256 << 20);
        // A frame has at most 1 MiB, and control fields and a chunk ride beside its envelopes.
        check("frame", frame, 4 * 1024, 512 * 1024);
        check("envelopes", envelopes, 1, 1_024);
        check("window", window, 64 * 1024, 16 << 20);
    }

    /** Returns the defaults, changed by variables. */
    static Buffers of(Map<String, String> environment) {
        int outbox = bytes(environment, "DRAY_AGENT_OUTBOX", DEFAULTS.outbox);
        int frame = bytes(environment, "DRAY_AGENT_FRAME", DEFAULTS.frame);
        int envelopes = count(environment, "DRAY_AGENT_ENVELOPES", DEFAULTS.envelopes);
        int window = bytes(environment, "DRAY_AGENT_WINDOW", DEFAULTS.window);
        try {
            return new Buffers(DEFAULTS.payload, outbox, frame, envelopes, window);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a DRAY_AGENT_ variable is out of range: " + e.getMessage(), e);
        }
    }

    public Buffers withPayload(long bytes) {
        return new Buffers(bytes, outbox, frame, envelopes, window);
    }

    public Buffers withOutbox(int bytes) {
        return new Buffers(payload, bytes, frame, envelopes, window);
    }

    public Buffers withFrame(int bytes) {
        return new Buffers(payload, outbox, bytes, envelopes, window);
    }

    public Buffers withEnvelopes(int count) {
        return new Buffers(payload, outbox, frame, count, window);
    }

    public Buffers withWindow(int bytes) {
        return new Buffers(payload, outbox, frame, envelopes, bytes);
    }

    private static int bytes(Map<String, String> environment, String variable, int other) {
        String text = environment.getOrDefault(variable, "").strip();
        if (text.isEmpty()) {
            return other;
        }
        try {
            return DataSize.parse(text).toInt();
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException(variable + ": " + text + " (expected: less than 2GiB)");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    private static int count(Map<String, String> environment, String variable, int other) {
        String text = environment.getOrDefault(variable, "").strip();
        try {
            return text.isEmpty() ? other : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(variable + ": " + text + " (expected: a number, such as 256)");
        }
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
