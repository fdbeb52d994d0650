package io.dray.sidecar.queue;

import io.dray.types.v1.Address;

/**
 * An address as its sender wrote it.
 *
 * @param kind number of the target field in {@code Address}: one of the constants
 * @param name the name, instance or topic
 */
public record Destination(int kind, String name) {
    /** Any instance of an agent. */
    public static final int AGENT = Address.AGENT_FIELD_NUMBER;

    /** One instance. */
    public static final int INSTANCE = Address.INSTANCE_FIELD_NUMBER;

    /** Any agent that advertises a capability. */
    public static final int CAPABILITY = Address.CAPABILITY_FIELD_NUMBER;

    /** All subscribers of a topic. */
    public static final int TOPIC = Address.TOPIC_FIELD_NUMBER;

    /** Returns the destination of an address of the contract. */
    public static Destination of(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> new Destination(AGENT, address.getAgent());
            case INSTANCE -> new Destination(INSTANCE, address.getInstance());
            case CAPABILITY -> new Destination(CAPABILITY, address.getCapability());
            case TOPIC -> new Destination(TOPIC, address.getTopic());
            case TARGET_NOT_SET -> throw new IllegalArgumentException("address: no target (expected: one of four)");
        };
    }

    /** Returns the address of the contract. */
    public Address address() {
        var address = Address.newBuilder();
        switch (kind) {
            case AGENT -> address.setAgent(name);
            case INSTANCE -> address.setInstance(name);
            case CAPABILITY -> address.setCapability(name);
            default -> address.setTopic(name);
        }
        return address.build();
    }

    @Override
    public String toString() {
        return switch (kind) {
            case AGENT -> "agent:" + name;
            case INSTANCE -> "instance:" + name;
            case CAPABILITY -> "capability:" + name;
            default -> "topic:" + name;
        };
    }
}
