package io.dray.cli.doctor;

import java.util.Locale;

/**
 * What one look at the machine saw.
 *
 * @param check what was looked at, one or two words
 * @param level how bad it is
 * @param seen what there is, with its value and what is wanted
 * @param fix what to do; empty where nothing is to be done
 */
public record Finding(String check, Level level, String seen, String fix) {
    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Dray runs; some would change it. */
        NOTE,
        /** Dray runs, and will be slow or refuse things. */
        WARNING,
        /** Dray cannot run so. */
        PROBLEM;

        /** As it is printed. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String seen) {
        return new Finding(check, Level.OK, seen, "");
    }

    static Finding note(String check, String seen, String fix) {
        return new Finding(check, Level.NOTE, seen, fix);
    }

    static Finding warning(String check, String seen, String fix) {
        return new Finding(check, Level.WARNING, seen, fix);
    }

    static Finding problem(String check, String seen, String fix) {
        return new Finding(check, Level.PROBLEM, seen, fix);
    }
}
