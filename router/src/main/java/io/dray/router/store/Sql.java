package io.dray.router.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How a store reads: one statement at a time. Confined to the store's thread. */
interface Sql {
    /** Puts parameters into a statement. */
    interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Takes what a statement returns. */
    interface Reading<R> {
        R read(ResultSet row) throws SQLException;
    }

    /** Runs one statement; {@code what} it reads is for the message of a failure. */
    <R> R read(String what, String sql, Binding binding, Reading<R> reading) throws StoreException;
}
