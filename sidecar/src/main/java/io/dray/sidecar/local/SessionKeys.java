package io.dray.sidecar.local;

import io.dray.core.wire.InstanceName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves sessions: a session's secret is an HMAC under a key in the sidecar's data folder, so a sidecar that was started
 * again accepts the resume of a session it has never seen. Thread-safe.
 */
public final class SessionKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final byte[] key;

    private SessionKeys(byte[] key) {
        this.key = key;
    }

    /** Reads the key of the folder, or makes one that only this user can read. */
    public static SessionKeys in(Path dataFolder) throws IOException {
        byte[] key;
        Path file = dataFolder.resolve("session.key");
        try {
            Files.createDirectories(dataFolder);
            key = readOrMake(file);
        } catch (IOException failure) {
            throw new IOException(
                    "data-dir " + dataFolder + " cannot be used: " + failure
                            + " (expected: a folder that this user may write; choose another by data-dir)",
                    failure);
        }
        if (key.length != KEY_BYTES) {
            throw new IOException(file + ": " + key.length + " bytes (expected: " + KEY_BYTES
                    + "); remove the file to make a new key, which ends all sessions");
        }
        return new SessionKeys(key);
    }

    private static byte[] readOrMake(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) == 0) {
            // Left by a full disk, or by a kill before its bytes were written: nobody ever had that key.
            Files.delete(file);
        }
        if (!Files.exists(file)) {
            make(file);
        }
        return Files.readAllBytes(file);
    }

    /** The file has its name once it is whole: a sidecar killed meanwhile finds no half a key when it comes again. */
    private static void make(Path file) throws IOException {
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        Path draft =
                file.resolveSibling("session.key." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(draft, fresh, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(draft, file);
        } catch (FileAlreadyExistsException _) {
            // Another sidecar of this folder was faster; its key counts.
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Returns a random session, never 0. */
    public static long newSession() {
        var random = new SecureRandom();
        long session = random.nextLong();
        while (session == 0) {
            session = random.nextLong();
        }
        return session;
    }

    /** Returns the secret of a session. */
    public byte[] secret(long session, InstanceName instance, String principal) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(session).array());
            mac.update(instance.toString().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(principal.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is missing from this JDK", e);
        }
    }

    /** Whether the secret proves the session. */
    public boolean proves(byte[] secret, long session, InstanceName instance, String principal) {
        return MessageDigest.isEqual(secret, secret(session, instance, principal));
    }
}
