package io.dray.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many of something are wanted: at least one. Stateless. */
final class CountWord implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException _) {
            // Told below: a word that is no number is as wrong as one out of range.
        }
        throw new TypeConversionException("'" + value + "' is not a count (expected: 1 to " + Integer.MAX_VALUE + ")");
    }
}
