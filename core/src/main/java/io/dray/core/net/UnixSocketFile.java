package io.dray.core.net;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The file of a Unix socket: its place made ready before the bind, its mode set after it. Stateless. */
final class UnixSocketFile {
    /** The bits of a mode that tell what a file is, and their value for a socket: POSIX has no other word for it. */
    private static final int FILE_TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private UnixSocketFile() {}

    /**
     * Makes the folder for the owner alone and removes a stale socket, or a link to one or to nothing; throws when
     * somebody answers on it.
     */
    static void prepare(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            makeFolder(path, folder, ownerOnly);
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (answers(path)) {
            throw new BindException(
                    path + " is served by a live process (expected: a free path; stop it or choose another path)");
        }
        // Of a link the link alone goes: it led to a process that is gone.
        if (!Files.notExists(path) && !isSocket(path)) {
            throw new FileSystemException(
                    path.toString(),
                    target(path),
                    "is not a socket (expected: a free path or a stale socket; remove it)");
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

    private static boolean isSocket(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == SOCKET;
    }

    /** Where a link leads; null for what is no link. */
    private static @Nullable String target(Path path) throws IOException {
        return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString() : null;
    }

    /** Whether somebody accepts connections there, behind links too. */
    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException _) {
            return false;
        }
    }
}
