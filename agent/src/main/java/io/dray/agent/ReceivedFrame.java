package io.dray.agent;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.wire.FrameWalker;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the frame at hand: control fields by the generated parser, envelopes one by one as they are asked for. Reused
 * from frame to frame; belongs to the loop.
 */
final class ReceivedFrame {
    private static final byte[] NONE = new byte[0];

    private final FrameWalker walker = new FrameWalker();
    private final TextMemo texts = new TextMemo();
    private final WireBuffer controlBytes = new WireBuffer(256);
    private AttachResponse control = AttachResponse.getDefaultInstance();
    private byte[] bytes = NONE;
    private boolean isPooled;
    private int[] starts = new int[64];
    private int[] lengths = new int[64];
    private int count;
    private int[] chunkStarts = new int[1];
    private int[] chunkLengths = new int[1];
    private int chunks;
    private long firstDelivery;

    /**
     * Takes a frame.
     *
     * @throws InvalidProtocolBufferException when it is none
     */
    void start(InFrame frame) throws InvalidProtocolBufferException {
        bytes = frame.bytes();
        isPooled = frame.isPooled();
        count = 0;
        chunks = 0;
        firstDelivery = 0;
        controlBytes.truncate(0);
        walker.start(bytes, 0, frame.length());
        while (walker.next()) {
            switch (walker.field()) {
                case AttachResponse.ENVELOPES_FIELD_NUMBER -> addEnvelope();
                case AttachResponse.CHUNKS_FIELD_NUMBER -> addChunk();
                case AttachResponse.FIRST_DELIVERY_FIELD_NUMBER -> firstDelivery = walker.number();
                default -> controlBytes.append(bytes, walker.fieldStart(), walker.fieldEnd() - walker.fieldStart());
            }
        }
        if (walker.isRefused()) {
            throw new InvalidProtocolBufferException("the field at byte " + walker.position() + " is not valid");
        }
        control = parseControl();
    }

    /** Lets go of the bytes. */
    void clear() {
        bytes = NONE;
        control = AttachResponse.getDefaultInstance();
        count = 0;
        chunks = 0;
        walker.release();
    }

    /** All fields but envelopes, chunks and first_delivery. */
    AttachResponse control() {
        return control;
    }

    long firstDelivery() {
        return firstDelivery;
    }

    int count() {
        return count;
    }

    /**
     * Reads one of its envelopes, which may be kept.
     *
     * @throws InvalidProtocolBufferException when it is none
     */
    Incoming envelope(int index) throws InvalidProtocolBufferException {
        int length = lengths[index];
        // What waits or is kept must not hold a frame of many, nor an array that is used again.
        boolean isOwn = !isPooled && count == 1;
        byte[] own = isOwn ? bytes : Arrays.copyOfRange(bytes, starts[index], starts[index] + length);
        Incoming read = Incoming.read(own, isOwn ? starts[index] : 0, length, walker, texts);
        if (read == null) {
            throw new InvalidProtocolBufferException("the envelope at byte " + starts[index] + " is not valid");
        }
        return read;
    }

    /** Chunks in it. */
    int chunks() {
        return chunks;
    }

    /** The array that holds its chunks. */
    byte[] bytes() {
        return bytes;
    }

    int chunkStart(int index) {
        return chunkStarts[index];
    }

    int chunkLength(int index) {
        return chunkLengths[index];
    }

    private void addChunk() throws InvalidProtocolBufferException {
        if (walker.wireType() != FrameWalker.LENGTH_DELIMITED) {
            throw new InvalidProtocolBufferException("a chunk with wire type " + walker.wireType());
        }
        if (chunks == chunkStarts.length) {
            chunkStarts = Arrays.copyOf(chunkStarts, 2 * chunks);
            chunkLengths = Arrays.copyOf(chunkLengths, 2 * chunks);
        }
        chunkStarts[chunks] = walker.contentStart();
        chunkLengths[chunks++] = walker.contentLength();
    }

    private void addEnvelope() throws InvalidProtocolBufferException {
        if (walker.wireType() != FrameWalker.LENGTH_DELIMITED) {
            throw new InvalidProtocolBufferException("an envelope with wire type " + walker.wireType());
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        starts[count] = walker.contentStart();
        lengths[count++] = walker.contentLength();
    }

    private AttachResponse parseControl() throws InvalidProtocolBufferException {
        if (controlBytes.size() == 0) {
            return AttachResponse.getDefaultInstance();
        }
        try {
            return AttachResponse.parseFrom(CodedInputStream.newInstance(controlBytes.bytes(), 0, controlBytes.size()));
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }
}
