package io.dray.cli.demo;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The meshes that demos of this user left up, found by their folders beside one another. One whose processes are not all
 * alive is told and not taken; nor is a folder of somebody else, whose mesh would get to see the files. For one thread.
 */
final class KeptMeshes {
    static final String PREFIX = "dray-demo-";
    private static final String LOCK = "attached.lock";

    private final Path parent;
    private final Consumer<String> notes;

    /**
     * Looks nowhere yet.
     *
     * @param parent of the folders
     * @param notes told one line for each mesh that is there and cannot be taken
     */
    KeptMeshes(Path parent, Consumer<String> notes) {
        this.parent = parent;
        this.notes = notes;
    }

    /**
     * A mesh that no other demo can take until this is closed, or the process ends.
     *
     * @param all how many meshes could have been taken
     */
    record Claim(KeptMesh mesh, int all, FileChannel lock) implements AutoCloseable {
        @Override
        public void close() {
            try {
                lock.close();
            } catch (IOException _) {
                return; // the system lets go of it
            }
        }
    }

    /** Takes the mesh that was left last. */
    Optional<Claim> claim() {
        List<KeptMesh> live = folders().stream()
                .flatMap(folder -> KeptMesh.read(folder).stream())
                .filter(this::isLive)
                .sorted(Comparator.comparing(KeptMesh::at).reversed())
                .toList();
        for (KeptMesh mesh : live) {
            FileChannel lock = lock(mesh);
            if (lock != null) {
                return Optional.of(new Claim(mesh, live.size(), lock));
            }
        }
        return Optional.empty();
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : found) {
                if (isOwn(folder)) {
                    folders.add(folder);
                }
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot look for meshes that were kept: " + e, e);
        }
        return folders;
    }

    /** Whether nobody else can have written there. */
    private static boolean isOwn(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return false;
        }
        int mode = (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0077) == 0 && owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private boolean isLive(KeptMesh mesh) {
        long ended = mesh.ended();
        if (ended == 0) {
            return true;
        }
        boolean isGone = ended == mesh.processes().size();
        notes.accept(
                isGone
                        ? "the mesh that was kept in %s is gone; its logs are removed by: %s"
                                .formatted(mesh.folder(), mesh.stop())
                        : "the mesh that is kept in %s is not whole, %d of its %d processes have ended; what is left ends by: %s"
                                .formatted(
                                        mesh.folder(), ended, mesh.processes().size(), mesh.stop()));
        if (isGone) {
            try {
                mesh.forget();
            } catch (IOException _) {
                return false; // it is told again
            }
        }
        return false;
    }

    private @Nullable FileChannel lock(KeptMesh mesh) {
        try {
            FileChannel channel =
                    FileChannel.open(mesh.folder().resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                notes.accept("another demo is at the mesh that is kept in " + mesh.folder());
                return null;
            }
            return channel;
        } catch (IOException e) {
            notes.accept("the mesh that is kept in %s cannot be taken: %s".formatted(mesh.folder(), e));
            return null;
        }
    }
}
