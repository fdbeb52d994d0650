package io.dray.cli.output;

/** Ends a command with an exit code and one clear line for people. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /**
     * An end with a reason.
     *
     * @param code what the shell sees
     * @param message what happened, with the value and what to do, in one line
     */
    public CommandException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    /** The same, for a failure that another caused. */
    public CommandException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What the shell sees. */
    public ExitCode code() {
        return code;
    }
}
