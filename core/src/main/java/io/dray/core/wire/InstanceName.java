package io.dray.core.wire;

import java.util.Optional;

/** The name of one attached agent process: {@code agent/suffix@node}, each part a name. */
public record InstanceName(String agent, String suffix, String node) {
    /** What is expected where an instance name is not one. */
    public static final String FORM = "agent/suffix@node, each " + Names.NAME_FORM;

    /** Checks the three parts. */
    public InstanceName {
        requireName("agent", agent);
        requireName("suffix", suffix);
        requireName("node", node);
    }

    /** Returns the name in a text; empty when it is none. */
    public static Optional<InstanceName> parse(String text) {
        int slash = text.indexOf('/');
        int at = text.indexOf('@', slash + 1);
        if (slash < 0 || at < 0) {
            return Optional.empty();
        }
        String agent = text.substring(0, slash);
        String suffix = text.substring(slash + 1, at);
        String node = text.substring(at + 1);
        if (!Names.isName(agent) || !Names.isName(suffix) || !Names.isName(node)) {
            return Optional.empty();
        }
        return Optional.of(new InstanceName(agent, suffix, node));
    }

    /** Returns whether bytes are an instance name; allocates nothing. */
    public static boolean isInstance(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int slash = indexOf(bytes, offset, end, '/');
        int at = slash < 0 ? -1 : indexOf(bytes, slash + 1, end, '@');
        return at >= 0
                && Names.isName(bytes, offset, slash - offset)
                && Names.isName(bytes, slash + 1, at - slash - 1)
                && Names.isName(bytes, at + 1, end - at - 1);
    }

    @Override
    public String toString() {
        return agent + "/" + suffix + "@" + node;
    }

    private static int indexOf(byte[] bytes, int from, int end, char wanted) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static void requireName(String part, String value) {
        if (!Names.isName(value)) {
            throw new IllegalArgumentException(part + ": " + value + " (expected: " + Names.NAME_FORM + ")");
        }
    }
}
