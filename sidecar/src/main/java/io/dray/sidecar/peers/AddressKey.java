package io.dray.sidecar.peers;

import io.dray.types.v1.Address;
import java.util.Optional;

/**
 * An address that the directory resolves.
 *
 * @param kind the field number of the target in Address: {@link #AGENT}, {@link #INSTANCE} or {@link #CAPABILITY}
 */
public record AddressKey(int kind, String name) {
    public static final int AGENT = Address.AGENT_FIELD_NUMBER;
    public static final int INSTANCE = Address.INSTANCE_FIELD_NUMBER;
    public static final int CAPABILITY = Address.CAPABILITY_FIELD_NUMBER;

    public AddressKey {
        if (kind < AGENT || kind > CAPABILITY) {
            throw new IllegalArgumentException("kind: " + kind + " (expected: 1-3)");
        }
    }

    /** Returns the key of an address; empty for a topic or an address without target. */
    public static Optional<AddressKey> of(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> Optional.of(new AddressKey(AGENT, address.getAgent()));
            case INSTANCE -> Optional.of(new AddressKey(INSTANCE, address.getInstance()));
            case CAPABILITY -> Optional.of(new AddressKey(CAPABILITY, address.getCapability()));
            case TOPIC, TARGET_NOT_SET -> Optional.empty();
        };
    }

    Address address() {
        return switch (kind) {
            case AGENT -> Address.newBuilder().setAgent(name).build();
            case INSTANCE -> Address.newBuilder().setInstance(name).build();
            default -> Address.newBuilder().setCapability(name).build();
        };
    }
}
