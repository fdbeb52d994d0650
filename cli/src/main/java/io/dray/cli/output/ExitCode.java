package io.dray.cli.output;

/** What every command ends with. */
public enum ExitCode {
    /** It is done. */
    DONE(0),
    /** It was tried and failed. */
    FAILED(1),
    /** The words or the configuration are wrong. */
    USAGE(2),
    /** Nobody answers at the address. */
    UNREACHABLE(3),
    /** The mesh refused it. */
    REFUSED(4),
    /** No answer came in time. */
    TIMED_OUT(5),
    /** Somebody pressed Ctrl-C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number that the shell sees. */
    public int number() {
        return number;
    }
}
