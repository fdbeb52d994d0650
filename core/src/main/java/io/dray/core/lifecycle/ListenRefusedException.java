package io.dray.core.lifecycle;

import java.net.BindException;

/** A server does not start because it may not listen where it was told to; other words or another file help. */
public final class ListenRefusedException extends BindException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message the address, what is expected instead
     */
    public ListenRefusedException(String message) {
        super(message);
    }
}
