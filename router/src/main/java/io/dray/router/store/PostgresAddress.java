package io.dray.router.store;

/**
 * Where a PostgreSQL is and who asks it. Immutable.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with parameters of the driver but no password
 * @param user empty: the user of this process
 * @param password empty: none, or what {@code ~/.pgpass} has; never shown
 */
public record PostgresAddress(String url, String user, String password) {
    private static final String SCHEME = "jdbc:postgresql:";

    public PostgresAddress {
        check(url);
    }

    /** Throws IllegalArgumentException when a URL is not of the form that is wanted, without showing a password. */
    public static void check(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException(
                    "url: " + shown(url) + " (expected: jdbc:postgresql://host:port/database)");
        }
        if (url.contains("@") || url.contains("password=")) {
            throw new IllegalArgumentException("url: " + shown(url)
                    + " carries a user or a password (expected: store.user and store.password-file)");
        }
    }

    /** Returns the URL as it may be shown: without parameters and without what stands before the host. */
    public String shown() {
        return shown(url);
    }

    private static String shown(String url) {
        int parameters = url.indexOf('?');
        String place = parameters < 0 ? url : url.substring(0, parameters);
        int at = place.lastIndexOf('@');
        int host = place.indexOf("//");
        return at < 0 || host < 0 ? place : place.substring(0, host + 2) + place.substring(at + 1);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "PostgresAddress[" + shown() + ", user=" + user + "]";
    }
}
