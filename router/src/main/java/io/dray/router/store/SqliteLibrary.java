package io.dray.router.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the driver unpacks its native library: beside the store, since what a killed process leaves in the system's
 * folder for temporary files stays there for ever. Stateless.
 */
final class SqliteLibrary {
    private static final Logger LOGGER = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String FOLDER = "org.sqlite.tmpdir";
    private static final String UNPACKED = "sqlite-*libsqlitejdbc*";
    /** A younger one may be between its unpacking and its loading by another router. */
    private static final Duration LOADED = Duration.ofMinutes(1);

    private SqliteLibrary() {}

    /** Names the folder, unless the user has, and removes what killed routers left. Before the driver is first used. */
    static void unpackInto(Path folder) {
        if (System.getProperty(FOLDER) == null) {
            System.setProperty(FOLDER, folder.toString());
        }
        Instant before = Instant.now().minus(LOADED);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNPACKED)) {
            for (Path file : left) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    // A router that still runs on it keeps it open, so it goes on.
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            LOGGER.atWarn().setCause(failure).addKeyValue("folder", folder).log("Removing old libraries failed");
        }
    }
}
