package io.dray.router.store;

import java.sql.SQLException;

/** What the driver's failures mean, in one line each. Stateless. */
final class PostgresFailures {
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NO_PASSWORD = "08004";
    private static final String CONNECTION = "08";
    private static final String AUTHORIZATION = "28";
    private static final String OPERATOR_INTERVENED = "57P";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String DISK_FULL = "53100";

    private PostgresFailures() {}

    /** Returns whether the connection ended before it said what became of the statement. */
    static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof java.sql.SQLTransientConnectionException
                || (state != null
                        && (state.startsWith(CONNECTION)
                                || state.startsWith(OPERATOR_INTERVENED)
                                || state.equals(TOO_MANY_CONNECTIONS)));
    }

    static StoreException of(PostgresAddress address, String what, SQLException failure) {
        if (isLost(failure)) {
            return StoreException.away(
                    what + " failed: " + address.shown() + " is away (expected: a PostgreSQL that answers): "
                            + reason(failure),
                    failure);
        }
        String message = what + " failed in " + address.shown() + " (expected: a PostgreSQL that can be written): "
                + reason(failure);
        return DISK_FULL.equals(failure.getSQLState())
                ? StoreException.full(message, failure)
                : new StoreException(message, failure);
    }

    /** Returns why a router cannot start on it. */
    static StoreException atStart(PostgresAddress address, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.startsWith(AUTHORIZATION) || state.equals(NO_PASSWORD)) {
            return new StoreException(
                    "store.user: " + (address.user().isEmpty() ? "the user of this process" : address.user())
                            + " is refused by " + address.shown()
                            + " (expected: a user of that database, its password in store.password-file): "
                            + reason(failure),
                    failure);
        }
        if (state.equals(NO_SUCH_DATABASE)) {
            return new StoreException(
                    "store.url: " + address.shown() + " (expected: a database that exists; make it by createdb): "
                            + reason(failure),
                    failure);
        }
        return StoreException.away(
                "store.url: " + address.shown() + " cannot be used (expected: a PostgreSQL 15 or newer that answers"
                        + " there): " + reason(failure),
                failure);
    }

    /** Returns what the driver said, in one line. */
    static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
