package io.dray.cli;

import com.google.protobuf.Internal.EnumLite;
import com.google.protobuf.ProtocolMessageEnum;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Words of the contract's enums as the shell writes them: {@code DELIVERY_CLASS_AT_LEAST_ONCE} is at-least-once. */
final class Choice {
    private Choice() {}

    /** The constant that a word means; unspecified ones have no word. */
    static <E extends Enum<E> & ProtocolMessageEnum> E of(Class<E> type, String option, String word) {
        List<E> constants = constants(type);
        return constants.stream()
                .filter(constant -> word(constant).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        "%s: '%s' is not known (expected: %s)"
                                .formatted(
                                        option,
                                        word,
                                        constants.stream().map(Choice::word).collect(Collectors.joining(", ")))));
    }

    /** The word of a constant. */
    static <E extends Enum<E> & ProtocolMessageEnum> String word(E constant) {
        String name = constant.name();
        String prefix = constant.getDeclaringClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toUpperCase(Locale.ROOT)
                + "_";
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return bare.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E> & ProtocolMessageEnum> List<E> constants(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> !constant.name().equals("UNRECOGNIZED") && ((EnumLite) constant).getNumber() > 0)
                .toList();
    }
}
