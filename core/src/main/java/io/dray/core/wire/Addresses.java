package io.dray.core.wire;

import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Optional;

/** Addresses as text and back: {@code agent:x}, {@code instance:a/b@n}, {@code capability:c}, {@code topic:t.u}. */
public final class Addresses {
    private static final String FORM = "agent:NAME, instance:AGENT/SUFFIX@NODE, capability:NAME or topic:TOPIC";

    private Addresses() {}

    /** Returns the address of any instance of an agent; the name is not checked. */
    public static Address agent(String name) {
        return Address.newBuilder().setAgent(name).build();
    }

    /** Returns the address of one instance; the name is not checked. */
    public static Address instance(String name) {
        return Address.newBuilder().setInstance(name).build();
    }

    /** Returns the address of any agent with a capability; the name is not checked. */
    public static Address capability(String name) {
        return Address.newBuilder().setCapability(name).build();
    }

    /** Returns the address of a topic; the topic is not checked. */
    public static Address topic(String topic) {
        return Address.newBuilder().setTopic(topic).build();
    }

    /** Returns an address as text; empty for an address without target. */
    public static String text(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> "agent:" + address.getAgent();
            case INSTANCE -> "instance:" + address.getInstance();
            case CAPABILITY -> "capability:" + address.getCapability();
            case TOPIC -> "topic:" + address.getTopic();
            case TARGET_NOT_SET -> "";
        };
    }

    /** Returns the address in a text, where a bare word is an agent, or an instance if it has '/' and '@'. */
    public static Optional<Address> parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? bareKind(text) : text.substring(0, colon);
        String name = text.substring(colon + 1);
        return ofKind(kind, name).filter(address -> check(address).isEmpty());
    }

    /** Returns why an address cannot be used; empty when it can. */
    public static Optional<Error> check(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> expect(Names.isName(address.getAgent()), address.getAgent(), Names.NAME_FORM);
            case INSTANCE ->
                expect(InstanceName.parse(address.getInstance()).isPresent(), address.getInstance(), InstanceName.FORM);
            case CAPABILITY -> expect(Names.isName(address.getCapability()), address.getCapability(), Names.NAME_FORM);
            case TOPIC -> expect(Names.isTopic(address.getTopic()), address.getTopic(), Names.TOPIC_FORM);
            case TARGET_NOT_SET ->
                Optional.of(MeshError.of(Code.CODE_MISSING_FIELD, "The address has no target.", "", FORM));
        };
    }

    private static String bareKind(String text) {
        return text.indexOf('/') >= 0 && text.indexOf('@') >= 0 ? "instance" : "agent";
    }

    private static Optional<Address> ofKind(String kind, String name) {
        return switch (kind) {
            case "agent" -> Optional.of(agent(name));
            case "instance" -> Optional.of(instance(name));
            case "capability" -> Optional.of(capability(name));
            case "topic" -> Optional.of(topic(name));
            default -> Optional.empty();
        };
    }

    private static Optional<Error> expect(boolean good, String value, String expected) {
        if (good) {
            return Optional.empty();
        }
        return Optional.of(MeshError.of(Code.CODE_BAD_NAME, "The address has a bad name.", value, expected));
    }
}
