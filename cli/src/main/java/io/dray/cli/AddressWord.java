package io.dray.cli;

import io.dray.core.wire.Addresses;
import io.dray.types.v1.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a destination: {@code agent:NAME}, {@code capability:NAME}, {@code instance:A/S@N} or a bare agent name. */
final class AddressWord implements ITypeConverter<Address> {
    /** Describes the parameter. */
    static final String TO = "NAME or agent:NAME, capability:NAME, or instance:AGENT/SUFFIX@NODE.";

    @Override
    public Address convert(String value) {
        Address address = Addresses.parse(value).orElseThrow(() -> refusal(value));
        if (address.hasTopic()) {
            throw refusal(value);
        }
        return address;
    }

    private static TypeConversionException refusal(String value) {
        return new TypeConversionException("'" + value
                + "' is not a destination (expected: NAME or agent:NAME, capability:NAME, or instance:AGENT/SUFFIX@NODE;"
                + " for topics use publish)");
    }
}
