package io.dray.cli.doctor;

import io.dray.core.net.Endpoint;
import io.dray.core.net.SidecarPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ports, the default socket, and the kernel settings that Dray's sockets meet. */
final class NetworkChecks {
    /** What Dray asks for its Unix sockets; the kernel gives at most net.core.wmem_max. */
    private static final long UNIX_SEND_BUFFER_BYTES = 1 << 20;
    /** Connections that wait to be taken; Netty asks for what the kernel allows. */
    private static final long WANTED_BACKLOG = 1_024;

    private static final SortedMap<Integer, String> PORTS = new TreeMap<>(Map.of(
            7400, "router: listen",
            7401, "sidecar: agents.listen",
            7402, "sidecar: peers.listen",
            7480, "router: admin.listen",
            7481, "sidecar: admin.listen"));

    private final SystemFiles files;
    private final Map<String, String> environment;

    NetworkChecks(SystemFiles files, Map<String, String> environment) {
        this.files = files;
        this.environment = environment;
    }

    List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        PORTS.forEach((port, key) -> findings.add(port(port, key)));
        findings.add(socket());
        atLeast("net.core.somaxconn", WANTED_BACKLOG, "more connections at once are dropped")
                .ifPresent(findings::add);
        atLeast(
                        "net.core.wmem_max",
                        UNIX_SEND_BUFFER_BYTES,
                        "send buffers of agents' sockets stay smaller than asked for")
                .ifPresent(findings::add);
        idleLinks().ifPresent(findings::add);
        return findings;
    }

    /** A port that is taken may well be a Dray that runs. */
    static Finding port(int port, String key) {
        String check = "port " + port;
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Finding.ok(check, "free (" + key + ")");
        } catch (IOException _) {
            return Finding.note(
                    check,
                    "taken (" + key + "), by a mesh that runs or by something else",
                    "nothing, if Dray runs; `dray up` takes another; else --set " + key.replaceFirst(".*: ", "")
                            + "=HOST:PORT");
        }
    }

    private Finding socket() {
        Path socket = SidecarPath.socket(environment);
        try {
            var _ = Endpoint.parse("unix:" + socket);
        } catch (IllegalArgumentException e) {
            return Finding.problem(
                    "default socket",
                    String.valueOf(e.getMessage()),
                    "set XDG_RUNTIME_DIR to a folder with a shorter path");
        }
        Path folder = SystemFiles.nearestFolder(socket);
        if (!Files.isWritable(folder)) {
            return Finding.problem(
                    "default socket",
                    socket + ": " + folder + " cannot be written",
                    "set XDG_RUNTIME_DIR to a folder of yours, or agents.socket and DRAY_SIDECAR");
        }
        return Finding.ok("default socket", socket + (answers(socket) ? ", a sidecar answers" : ", no sidecar yet"));
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false;
        }
    }

    private Optional<Finding> atLeast(String key, long wanted, String otherwise) {
        OptionalLong value = files.sysctl(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String seen = String.format(Locale.ROOT, "%,d", value.getAsLong());
        return Optional.of(
                value.getAsLong() >= wanted
                        ? Finding.ok(key, seen)
                        : Finding.note(
                                key,
                                String.format(Locale.ROOT, "%s (expected: %,d; %s)", seen, wanted, otherwise),
                                "sysctl -w " + key + "=" + wanted));
    }

    private Optional<Finding> idleLinks() {
        String key = "net.ipv4.tcp_slow_start_after_idle";
        return files.sysctl(key).stream()
                .mapToObj(value -> value == 0
                        ? Finding.ok(key, "0")
                        : Finding.note(
                                key,
                                value + ": a link between hosts that was idle starts slowly again",
                                "sysctl -w " + key + "=0"))
                .findFirst();
    }
}
