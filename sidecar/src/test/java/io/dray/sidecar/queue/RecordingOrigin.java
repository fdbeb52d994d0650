package io.dray.sidecar.queue;

import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sender that writes down what it is told. */
public final class RecordingOrigin implements Origin {
    /** One receipt. */
    public record Told(long sequence, int level, String code) {}

    private static final int NORMAL = 2;

    private final List<Told> told = new ArrayList<>();
    private final List<String> flows = new ArrayList<>();
    private long heldBytes;

    /** Receipts in the order they came. */
    public List<Told> told() {
        return told;
    }

    /** Flows as {@code pause agent:x} or {@code resume agent:x}; lanes other than NORMAL are named behind it. */
    public List<String> flows() {
        return flows;
    }

    /** Bytes that wait on its behalf. */
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        for (long sequence = first; sequence < first + count; sequence++) {
            told.add(new Told(
                    sequence, level, error == null ? "" : error.getCode().name()));
        }
    }

    @Override
    public void flow(Destination destination, int lane, boolean paused) {
        flows.add((paused ? "pause " : "resume ") + destination + (lane == NORMAL ? "" : " lane " + lane));
    }

    @Override
    public void held(long bytes) {
        heldBytes += bytes;
    }
}
