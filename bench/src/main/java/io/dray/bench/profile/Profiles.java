package io.dray.bench.profile;

import io.dray.bench.profile.Profile.OneProcess;
import io.dray.bench.profile.Profile.TopFrame;
import io.dray.bench.report.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes profiles of what was recorded, and keeps them as JSON. Thread-safe. */
final class Profiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int TOP = 20;
    private static final int THREADS = 8;
    private static final double ROUND = 1e4;

    private Profiles() {}

    /** Puts processes together: CPU as the row counted it, purposes as the stacks tell. */
    static List<OneProcess> processes(Row row, Map<String, Recorder.Recording> recordings) {
        double all = row.cost().cpuS().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        List<OneProcess> processes = new ArrayList<>();
        recordings.forEach((role, recording) -> {
            double cpu = row.cost().cpuS().getOrDefault(role, 0.0);
            processes.add(process(role, all == 0 ? 0 : cpu / all, recording));
        });
        return processes;
    }

    static void write(Profile profile, Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(profile) + "\n");
    }

    /**
     * Reads all profiles of a folder, in the order of their files' names.
     *
     * @throws IOException when a file cannot be read or is no profile
     */
    static Map<Path, Profile> readAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        Map<Path, Profile> profiles = new LinkedHashMap<>();
        for (Path file : files) {
            profiles.put(file, read(file));
        }
        return profiles;
    }

    private static Profile read(Path file) throws IOException {
        try {
            Profile profile = JSON.readValue(Files.readString(file), Profile.class);
            if (profile.schema() != Profile.SCHEMA) {
                throw new IOException(file + " has schema " + profile.schema() + " (expected: " + Profile.SCHEMA + ")");
            }
            return profile;
        } catch (JacksonException e) {
            throw new IOException(file + " is no profile: " + e.getOriginalMessage(), e);
        }
    }

    private static OneProcess process(String role, double share, Recorder.Recording recording) {
        Stacks stacks = recording.stacks();
        double samples = Math.max(1, stacks.samples());
        return new OneProcess(
                role,
                round(share),
                stacks.samples(),
                stacks.purposes().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> round(entry.getValue() / samples))),
                stacks.top(TOP).stream()
                        .map(entry -> new TopFrame(entry.getKey(), round(entry.getValue() / samples)))
                        .toList(),
                recording.threads().stream().limit(THREADS).toList());
    }

    private static double round(double share) {
        return Math.round(share * ROUND) / ROUND;
    }
}
