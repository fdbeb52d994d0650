package io.dray.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Address;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A destination as an address and as the bytes of one, each made once, when it is first wanted. Thread-safe. */
final class Route {
    /** Tag and length before the name of an instance in the bytes of an address. */
    private static final int NAME_START = 2;

    private static final int INSTANCE_TAG = Address.INSTANCE_FIELD_NUMBER << 3 | 2;
    private static final int MAX_NAME_BYTES = 127;

    private final byte[] bytes;
    private volatile @Nullable Address address;
    private volatile boolean isGood;

    Route(Address address) {
        this.bytes = address.toByteArray();
        this.address = address;
    }

    private Route(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the way to an instance whose name stands in some bytes. */
    static Route toInstance(byte[] source, int offset, int length) {
        if (length > MAX_NAME_BYTES) {
            return new Route(Addresses.instance(new String(source, offset, length, StandardCharsets.UTF_8)));
        }
        byte[] bytes = new byte[NAME_START + length];
        bytes[0] = INSTANCE_TAG;
        bytes[1] = (byte) length;
        System.arraycopy(source, offset, bytes, NAME_START, length);
        return new Route(bytes);
    }

    /** Whether it was made by {@link #toInstance} of the same name. */
    boolean isToInstance(byte[] source, int offset, int length) {
        return bytes.length == NAME_START + length
                && bytes[0] == INSTANCE_TAG
                && Arrays.equals(bytes, NAME_START, bytes.length, source, offset, offset + length);
    }

    byte[] bytes() {
        return bytes;
    }

    Address address() {
        Address known = address;
        if (known == null) {
            try {
                known = Address.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("an address that was written here", e);
            }
            address = known;
        }
        return known;
    }

    /** Returns why nothing can be sent there; empty when it can. */
    Optional<Error> problem() {
        if (isGood) {
            return Optional.empty();
        }
        Optional<Error> found = Addresses.check(address());
        isGood = found.isEmpty();
        return found;
    }
}
