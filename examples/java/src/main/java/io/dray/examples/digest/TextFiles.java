package io.dray.examples.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rule by which files are documents: regular files whose name and whole content are UTF-8, the content without a zero
 * byte, not reached through a symbolic link and not in a folder called .git, target or node_modules. Stateless.
 */
final class TextFiles {
    private static final Set<String> SKIPPED = Set.of(".git", "target", "node_modules");
    private static final int BYTES = 64 * 1024;
    /** Stands for what is not UTF-8 in a name, which then does not lead back to the file. */
    private static final char UNDECODED = '\uFFFD';

    private TextFiles() {}

    /** The names of all documents below a folder, relative to it and with {@code /}; files that fail are left out. */
    static List<String> below(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean isSkipped = !directory.equals(folder)
                        && SKIPPED.contains(directory.getFileName().toString());
                return isSkipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = folder.relativize(file).toString();
                if (attributes.isRegularFile() && name.indexOf(UNDECODED) < 0 && isText(file)) {
                    names.add(name);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        names.sort(null);
        return names;
    }

    /** Whether a file can be read and is text. */
    static boolean isText(Path file) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        try (InputStream in = Files.newInputStream(file)) {
            int read = in.read(bytes.array(), 0, BYTES);
            while (read >= 0) {
                bytes.limit(bytes.position() + read).position(0);
                if (hasZero(bytes)
                        || decoder.decode(bytes, chars.clear(), false).isError()) {
                    return false;
                }
                bytes.compact();
                read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            }
            return !decoder.decode(bytes.flip(), chars.clear(), true).isError();
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean hasZero(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == 0) {
                return true;
            }
        }
        return false;
    }
}
