package io.dray.core.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written with a unit: {@code 512B}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. */
public record DataSize(long bytes) {
    static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)");

    /** Refuses a negative size. */
    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
        }
    }

    /** Returns a size in KiB. */
    public static DataSize ofKiB(long kib) {
        return new DataSize(Math.multiplyExact(kib, 1024L));
    }

    /** Returns a size in MiB. */
    public static DataSize ofMiB(long mib) {
        return new DataSize(Math.multiplyExact(mib, 1024L * 1024));
    }

    /** Returns the size in a text; throws IllegalArgumentException, with examples, when it is none. */
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " (expected: a size with its unit, such as 64KiB or 1MiB)");
        }
        long unit = switch (matcher.group(2)) {
            case "KiB" -> 1024L;
            case "MiB" -> 1024L * 1024;
            case "GiB" -> 1024L * 1024 * 1024;
            default -> 1L;
        };
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException(text + " (expected: less than 2^63 bytes)");
        }
    }

    /** Returns the bytes as an int; throws ArithmeticException when they do not fit. */
    public int toInt() {
        return Math.toIntExact(bytes);
    }

    @Override
    public String toString() {
        if (bytes != 0 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + "MiB";
        }
        return bytes != 0 && bytes % 1024 == 0 ? bytes / 1024 + "KiB" : bytes + "B";
    }
}
