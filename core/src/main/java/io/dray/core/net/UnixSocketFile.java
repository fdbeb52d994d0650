package io.dray.core.net;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a Unix socket: its place made ready before the bind, its mode set after it. Stateless. */
final class UnixSocketFile {
    private UnixSocketFile() {}

    /** Makes the folder for the owner alone and removes a stale socket; throws when somebody answers on it. */
    static void prepare(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            makeFolder(path, folder, ownerOnly);
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw new FileSystemException(
                    path.toString(), null, "is not a socket (expected: a free path or a stale socket; remove it)");
        }
        if (answers(path)) {
            throw new BindException(
                    path + " is served by a live process (expected: a free path; stop it or choose another path)");
        }
        Files.deleteIfExists(path);
    }

    private static void makeFolder(Path path, Path folder, FileAttribute<?> ownerOnly) throws IOException {
        try {
            Files.createDirectories(folder, ownerOnly);
        } catch (IOException failure) {
            throw new IOException(
                    "socket " + path + ": its folder cannot be made: " + failure
                            + " (expected: a folder that this user may write; choose another path)",
                    failure);
        }
    }

    /** Lets only the owner connect. */
    static void protect(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException _) {
            return false;
        }
    }
}
