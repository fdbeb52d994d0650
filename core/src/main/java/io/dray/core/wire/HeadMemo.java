package io.dray.core.wire;

import static io.dray.types.v1.Envelope.ORDINAL_FIELD_NUMBER;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The head of the last good envelope: what stands before its payload. An envelope whose head has the same bytes, but for
 * its 8-byte numbers and its ordinal, needs no second walk: those stand in the same places, and what they say is read
 * again. Belongs to one thread.
 */
final class HeadMemo {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Longer heads are walked each time; most have less than a hundred bytes. */
    private static final int MAX_BYTES = 512;

    private static final int MAX_NUMBERS = 8;

    /** A varint of so many bytes fits a long, whatever they are. */
    private static final int MAX_VARINT_BYTES = 9;

    private final byte[] bytes = new byte[MAX_BYTES];
    private final int[] places = new int[MAX_NUMBERS];
    private final int[] widths = new int[MAX_NUMBERS];
    private final int[] fields = new int[MAX_NUMBERS];
    private int numbers;
    private int length;
    private boolean tooMany;

    /** Goes before the first number of an envelope that is about to be walked. */
    void start() {
        numbers = 0;
        length = 0;
        tooMany = false;
    }

    /** Notes where a number of the envelope stands, of eight bytes or the ordinal. */
    void number(int field, int place, int width) {
        if (numbers == MAX_NUMBERS || (field == ORDINAL_FIELD_NUMBER && width > MAX_VARINT_BYTES)) {
            tooMany = true;
            return;
        }
        fields[numbers] = field;
        widths[numbers] = width;
        places[numbers++] = place;
    }

    /** Keeps the head of the envelope that was walked, if its payload stands last. */
    void keep(byte[] from, Header header) {
        int offset = header.envelopeOffset();
        int payloadEnd = header.payloadOffset() + header.payloadLength();
        int head = header.payloadOffset() - varintBytes(header.payloadLength()) - offset;
        boolean isLast = header.payloadLength() > 0 && payloadEnd == offset + header.envelopeBytes();
        if (tooMany || !isLast || head > MAX_BYTES || !isPayloadTag(from, offset + head)) {
            length = 0;
            return;
        }
        for (int i = 0; i < numbers; i++) {
            places[i] -= offset;
            if (places[i] + widths[i] > head) {
                return;
            }
        }
        System.arraycopy(from, offset, bytes, 0, head);
        length = head;
    }

    /** Forgets it: the next envelope is walked. */
    void forget() {
        length = 0;
    }

    /** Returns the bytes of the head; 0 when none is known. */
    int length() {
        return length;
    }

    /** Whether an envelope starts with the same head. */
    boolean isRepeated(byte[] in, int offset) {
        int from = 0;
        for (int i = 0; i < numbers; i++) {
            int place = places[i];
            if (!Arrays.equals(in, offset + from, offset + place, bytes, from, place)) {
                return false;
            }
            from = place + widths[i];
        }
        return Arrays.equals(in, offset + from, offset + length, bytes, from, length);
    }

    /** Reads the numbers of an envelope with the same head; false when one of them is not well-formed. */
    boolean readNumbers(byte[] in, int offset, Header header) {
        for (int i = 0; i < numbers; i++) {
            int place = offset + places[i];
            if (fields[i] != ORDINAL_FIELD_NUMBER) {
                header.setFixed(fields[i], (long) LONGS.get(in, place));
            } else if (isVarint(in, place, widths[i])) {
                header.setNumber(ORDINAL_FIELD_NUMBER, varint(in, place, widths[i]));
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean isVarint(byte[] in, int place, int width) {
        int last = place + width - 1;
        for (int i = place; i < last; i++) {
            if (in[i] >= 0) {
                return false;
            }
        }
        return in[last] >= 0;
    }

    private static long varint(byte[] in, int place, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 7 | (in[place + i] & 0x7f);
        }
        return value;
    }

    /** The tag of the payload has two bytes in its shortest form; another form is walked each time. */
    private static boolean isPayloadTag(byte[] in, int end) {
        return end >= 2 && in[end - 2] == (byte) 0xa2 && in[end - 1] == 0x06;
    }

    private static int varintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }
}
