package io.dray.router.fleet;

/** What somebody asks the members of: an agent, an instance or a capability by name. Immutable. */
public record AddressName(Kind kind, String name) {
    /** The kinds of addresses that have members. */
    public enum Kind {
        AGENT,
        INSTANCE,
        CAPABILITY
    }
}
