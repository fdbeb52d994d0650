package io.dray.cli.cluster;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The path where agents look first, as a link to the socket of one node. Removed on close if it is still ours. */
public final class DefaultSocket implements AutoCloseable {
    private final Path path;
    private final Path target;

    private DefaultSocket(Path path, Path target) {
        this.path = path;
        this.target = target;
    }

    /**
     * Makes the link; replaces one that is left from a mesh that is gone.
     *
     * @throws CommandException FAILED if a sidecar answers there already
     */
    public static DefaultSocket claim(Path path, Path target) {
        if (answers(path)) {
            throw new CommandException(
                    ExitCode.FAILED,
                    path + ": a sidecar runs there already; stop it, or choose another place by --dir");
        }
        try {
            PrivateFolder.create(target.resolveSibling(""));
            Files.deleteIfExists(path);
            Files.createSymbolicLink(path, target);
            DefaultSocket socket = new DefaultSocket(path, target);
            Runtime.getRuntime().addShutdownHook(new Thread(socket::close, "default-socket"));
            return socket;
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "cannot make " + path + ": " + reason(e)
                            + " (expected: a folder that this user may make and write; choose another by --dir)",
                    e);
        }
    }

    /** The path itself. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            if (Files.isSymbolicLink(path) && Files.readSymbolicLink(path).equals(target)) {
                Files.delete(path);
            }
        } catch (IOException _) {
            return; // the next mesh replaces it
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "its folder cannot be made";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static boolean answers(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return false;
        }
    }
}
