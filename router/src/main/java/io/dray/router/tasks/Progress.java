package io.dray.router.tasks;

/** How far the newest attempt is, in percent, with a word for people; never stored. Immutable. */
public record Progress(int percent, String message) {
    public static final Progress NONE = new Progress(0, "");
}
