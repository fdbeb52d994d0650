package io.dray.cli.demo;

import io.dray.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A mesh that a demo left up, as it wrote it into the folder of its logs. Immutable.
 *
 * @param folder of its logs and sockets
 * @param at when it was left
 * @param processes all that it consists of
 */
record KeptMesh(Path folder, Instant at, MeshAddresses addresses, List<Member> processes) {
    static final String FILE = "kept.json";

    private static final int VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    KeptMesh {
        processes = List.copyOf(processes);
    }

    /** One process; a number is given again after its end, so that it alone says nothing. */
    record Member(long pid, Instant started) {
        /** The system reckons a start from the time of its own, which may be set meanwhile. */
        private static final Duration TOLERANCE = Duration.ofSeconds(5);

        static Member of(ProcessHandle process) {
            return new Member(process.pid(), started(process));
        }

        boolean isAlive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            Duration.between(started, started(process)).abs().compareTo(TOLERANCE) <= 0)
                    .isPresent();
        }

        private static Instant started(ProcessHandle process) {
            return process.info().startInstant().orElse(Instant.EPOCH);
        }
    }

    /** What is written in a folder; empty when it is nothing of a demo, or of another version. */
    static Optional<KeptMesh> read(Path folder) {
        try {
            JsonNode root = JSON.readTree(Files.readString(folder.resolve(FILE)));
            return root.path("version").asInt(0) == VERSION ? Optional.of(of(folder, root)) : Optional.empty();
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static KeptMesh of(Path folder, JsonNode root) throws JacksonException {
        var sidecars = new TreeMap<String, String>();
        root.required("sidecars").forEachEntry((node, endpoint) -> sidecars.put(node, endpoint.asString()));
        List<Member> processes = new ArrayList<>();
        root.required("processes")
                .forEach(process -> processes.add(new Member(
                        process.required("pid").asLong(),
                        Instant.ofEpochMilli(process.required("started_millis").asLong()))));
        return new KeptMesh(
                folder,
                Instant.ofEpochMilli(root.required("at_millis").asLong()),
                new MeshAddresses(root.required("router").asString(), sidecars),
                processes);
    }

    /** Writes it into its folder. */
    void write() throws IOException {
        var root = Json.object().put("version", VERSION).put("at_millis", at.toEpochMilli());
        root.put("router", addresses.router());
        var sidecars = root.putObject("sidecars");
        addresses.sidecars().forEach(sidecars::put);
        var members = root.putArray("processes");
        processes.forEach(member -> members.addObject()
                .put("pid", member.pid())
                .put("started_millis", member.started().toEpochMilli()));
        Path part = folder.resolve(FILE + ".part");
        Files.writeString(part, Json.text(root));
        Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes nobody find it again. */
    void forget() throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /** How many of its processes have ended. */
    long ended() {
        return processes.stream().filter(process -> !process.isAlive()).count();
    }

    /** The commands that end what is left of it. */
    String stop() {
        String alive = processes.stream()
                .filter(Member::isAlive)
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(" "));
        return (alive.isEmpty() ? "" : "kill " + alive + "; ") + "rm -r " + folder;
    }
}
