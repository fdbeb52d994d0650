package io.dray.core.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where agents find the sidecar of their host when nobody says otherwise. Stateless. */
public final class SidecarPath {
    /** The variable that names another sidecar: {@code unix:/path} or {@code host:port}. */
    public static final String VARIABLE = "DRAY_SIDECAR";

    private SidecarPath() {}

    /** Returns the endpoint in {@link #VARIABLE}, else the default socket of this user. */
    public static String endpoint(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "").strip();
        return named.isEmpty() ? "unix:" + socket(environment) : named;
    }

    /** Returns the default socket of this user. */
    public static Path socket(Map<String, String> environment) {
        return runtimeFolder(environment).resolve("sidecar.sock");
    }

    /** Returns {@code ${XDG_RUNTIME_DIR:-/tmp/dray-$UID}/dray}. */
    public static Path runtimeFolder(Map<String, String> environment) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "").strip();
        return Path.of(runtime.isEmpty() ? "/tmp/dray-" + userId() : runtime, "dray");
    }

    /** The number of this user; its name where the system has no numbers. */
    private static String userId() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
        } catch (IOException | UnsupportedOperationException _) {
            return System.getProperty("user.name", "nobody");
        }
    }
}
