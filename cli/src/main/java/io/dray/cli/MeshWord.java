package io.dray.cli;

import io.dray.core.wire.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads words that the mesh would refuse, so that a slip is told before anybody is asked. Stateless. */
final class MeshWord {
    private MeshWord() {}

    /** A topic to publish to. */
    static final class Topic implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return expect(Names.isTopic(value), value, "a topic", Names.TOPIC_FORM);
        }
    }

    /** A pattern to subscribe to. */
    static final class Pattern implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return expect(Names.isPattern(value), value, "a topic pattern", Names.PATTERN_FORM);
        }
    }

    /** A name of a capability, queue, tenant or group. */
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return expect(Names.isName(value), value, "a name", Names.NAME_FORM);
        }
    }

    private static String expect(boolean isGood, String value, String kind, String form) {
        if (!isGood) {
            throw new TypeConversionException("'" + value + "' is not " + kind + " (expected: " + form + ")");
        }
        return value;
    }
}
