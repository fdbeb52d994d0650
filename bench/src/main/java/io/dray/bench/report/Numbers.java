package io.dray.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them: three significant digits, and a unit where they are long. */
final class Numbers {
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;
    private static final int KIB = 1024;
    private static final int LONG = 100;
    private static final int SHORT = 10;
    private static final String NONE = "-";

    private Numbers() {}

    /** A rate such as 950, 12.3k or 1.41M. */
    static String rate(double perSecond) {
        if (perSecond >= MEGA - KILO / 2) {
            return digits(perSecond / MEGA) + "M";
        }
        return perSecond >= KILO ? digits(perSecond / KILO) + "k" : digits(perSecond);
    }

    /** A round rate that was asked for, such as 1k or 2.5M. */
    static String planned(long perSecond) {
        if (perSecond % KILO != 0) {
            return Long.toString(perSecond);
        }
        return perSecond % MEGA == 0 ? Math.round(perSecond / MEGA) + "M" : Math.round(perSecond / KILO) + "k";
    }

    /** Microseconds or any other plain figure: 0.84, 12.3, 4,210. */
    static String plain(@Nullable Double value) {
        return value == null ? NONE : digits(value);
    }

    /** A payload such as 100 B, 10 KB or 1 MB. */
    static String bytes(int bytes) {
        if (bytes >= KIB * KIB && bytes % (KIB * KIB) == 0) {
            return bytes / (KIB * KIB) + " MB";
        }
        if (bytes >= KIB && bytes % KIB == 0) {
            return bytes / KIB + " KB";
        }
        return decimalBytes(bytes);
    }

    /** A quotient such as 2.21x; a dash when one side is missing. */
    static String ratio(@Nullable Double ratio) {
        return ratio == null ? NONE : String.format(Locale.ROOT, "%.2fx", ratio);
    }

    /** A change such as +12.3 %. */
    static String percent(double change) {
        return String.format(Locale.ROOT, "%+.1f %%", change * LONG);
    }

    private static String decimalBytes(int bytes) {
        if (bytes >= MEGA && bytes % (int) MEGA == 0) {
            return bytes / (int) MEGA + " MB";
        }
        return bytes >= KILO && bytes % (int) KILO == 0 ? bytes / (int) KILO + " KB" : bytes + " B";
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        if (size >= LONG - 0.05) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= SHORT - 0.005 ? "%.1f" : "%.2f", value);
    }
}
