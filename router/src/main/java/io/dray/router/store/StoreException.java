package io.dray.router.store;

/** The store could not do what was asked; the message says what, with which file or database, and what to do. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What a caller can do about it. */
    public enum Kind {
        /** The store itself is at fault, or what it was asked. */
        FAILED,
        /** The database is away: nothing is known of what was asked, and it may be back in a moment. */
        AWAY,
        /** There is no room for what was asked; nothing of it was written. */
        FULL,
        /** Another router owns the store, so nothing was written: what is in memory is not true any more. */
        FENCED
    }

    private final Kind kind;

    private StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public StoreException(String message, Throwable cause) {
        this(Kind.FAILED, message, cause);
    }

    private StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(String message) {
        this(Kind.FAILED, message);
    }

    /** Returns one for a database that does not answer. */
    public static StoreException away(String message, Throwable cause) {
        return new StoreException(Kind.AWAY, message, cause);
    }

    /** Returns one for a store that has no room. */
    public static StoreException full(String message, Throwable cause) {
        return new StoreException(Kind.FULL, message, cause);
    }

    /** Returns one for a store that another router owns. */
    public static StoreException fenced(String message) {
        return new StoreException(Kind.FENCED, message);
    }

    public Kind kind() {
        return kind;
    }
}
