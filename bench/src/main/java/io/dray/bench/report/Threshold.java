package io.dray.bench.report;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a percentage such as {@code 5%} as a share. */
final class Threshold implements ITypeConverter<Double> {
    private static final double HUNDRED = 100;

    @Override
    public Double convert(String text) {
        String number =
                text.endsWith("%") ? text.substring(0, text.length() - 1).trim() : text;
        try {
            double percent = Double.parseDouble(number);
            if (percent >= 0 && percent <= HUNDRED) {
                return percent / HUNDRED;
            }
        } catch (NumberFormatException _) {
            // Refused below, as a number out of range is.
        }
        throw new TypeConversionException(text + " (expected: a percentage from 0% to 100%, for example 5%)");
    }

    static String text(double share) {
        return String.format(Locale.ROOT, "%.4g", share * HUNDRED).replaceFirst("\\.?0+$", "") + " %";
    }
}
