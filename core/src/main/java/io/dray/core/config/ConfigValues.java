package io.dray.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes values of the types that configuration records use from what was written. Stateless. */
final class ConfigValues {
    static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(us|ms|s|m|h|d)");
    /** A hundred years: as nanoseconds it fits into a long with much to spare. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private ConfigValues() {}

    /** Returns the value; throws IllegalArgumentException with value and expectation when it is of another form. */
    static Object convert(Type type, Object raw) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            Type item = generic.getActualTypeArguments()[0];
            return items(raw).stream().map(text -> convert(item, text)).toList();
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return entries(raw);
        }
        if (!(type instanceof Class<?> single)) {
            throw new IllegalStateException("no configuration value: " + type);
        }
        if (!(raw instanceof String text)) {
            throw new IllegalArgumentException(raw + " (expected: one value)");
        }
        return single(single, text);
    }

    /** Returns what an absent value is to a constructor: null, or the zero of a primitive. */
    static @Nullable Object absent(Class<?> type) {
        return switch (type.getName()) {
            case "int" -> 0;
            case "long" -> 0L;
            case "double" -> 0.0;
            case "boolean" -> false;
            default -> null;
        };
    }

    private static Object single(Class<?> type, String text) {
        if (type.isEnum()) {
            return enumValue(type, text);
        }
        return switch (type.getName()) {
            case "java.lang.String" -> text;
            case "int", "java.lang.Integer" -> Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "long", "java.lang.Long" -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case "double", "java.lang.Double" -> decimal(text);
            case "boolean", "java.lang.Boolean" -> truth(text);
            case "java.time.Duration" -> duration(text);
            case "io.dray.core.config.DataSize" -> DataSize.parse(text);
            case "java.nio.file.Path" -> Path.of(text);
            default -> throw new IllegalStateException("no configuration value: " + type);
        };
    }

    private static long whole(String text, long min, long max) {
        try {
            long value = Long.parseLong(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException(text + " (expected: a whole number)");
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(text + " (expected: a number)");
        }
    }

    private static boolean truth(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text + " (expected: true or false)");
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " (expected: a time with its unit, such as 500ms, 1s or 2m)");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "us" -> Duration.of(amount, ChronoUnit.MICROS);
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(text + " (expected: at most " + ConfigText.of(LONGEST) + ")");
        }
        return duration;
    }

    private static Object enumValue(Class<?> type, String text) {
        String wanted = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(wanted)) {
                return constant;
            }
        }
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        throw new IllegalArgumentException(text + " (expected: one of " + String.join(", ", words)
                + NearKeys.word(text.strip(), words)
                        .map(word -> "; did you mean " + word + "?")
                        .orElse("") + ")");
    }

    private static List<String> items(Object raw) {
        if (raw instanceof List<?> list) {
            return list.stream().map(Object::toString).toList();
        }
        if (raw instanceof String text) {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList();
        }
        throw new IllegalArgumentException(raw + " (expected: a list)");
    }

    private static Map<String, String> entries(Object raw) {
        Map<String, String> entries = new LinkedHashMap<>();
        if (raw instanceof Map<?, ?> map) {
            map.forEach((key, value) -> entries.put(key.toString(), value.toString()));
            return entries;
        }
        for (String item : items(raw)) {
            int equals = item.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(item + " (expected: key=value, several joined by commas)");
            }
            entries.put(
                    item.substring(0, equals).strip(),
                    item.substring(equals + 1).strip());
        }
        return entries;
    }
}
