package io.dray.router.tasks;

import java.util.HexFormat;
import java.util.OptionalLong;

/** The text form of a task's number: 16 hexadecimal digits, so that ids sort by time of submission. */
public final class TaskId {
    private static final int DIGITS = 16;

    private TaskId() {}

    public static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** Returns the number; empty when the text is no task id. */
    public static OptionalLong parse(String text) {
        if (text.length() != DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < DIGITS; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return OptionalLong.empty();
            }
        }
        long id = HexFormat.fromHexDigitsToLong(text);
        return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
    }
}
