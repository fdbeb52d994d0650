package io.dray.examples.digest;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * One process with one or more of the agents that digest a folder: {@code reader}, {@code digester}, {@code indexer}.
 * Its words are the roles, and {@code slots=N} and {@code linger-millis=N} for digesters. It attaches at the sidecar
 * that DRAY_SIDECAR names and runs until it is stopped.
 */
public final class DigestAgents {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final String SLOTS = "slots=";
    private static final String LINGER = "linger-millis=";

    private DigestAgents() {}

    /**
     * Attaches the agents that the words name.
     *
     * @param words roles and settings
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] words) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        List<Mesh> meshes = new ArrayList<>();
        for (AgentSpec spec : specs(List.of(words))) {
            meshes.add(Mesh.connect(spec, MeshConfig.defaults().withConnectTimeout(CONNECT)));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            meshes.forEach(Mesh::close);
            stopped.countDown();
        }));
        System.out.println(
                "READY {\"role\":\"agents\",\"node\":\"" + meshes.getFirst().node() + "\"}");
        stopped.await();
    }

    static List<AgentSpec> specs(List<String> words) {
        int slots = number(words, SLOTS, 4);
        Duration linger = Duration.ofMillis(number(words, LINGER, 0));
        List<AgentSpec> specs = words.stream()
                .filter(word -> !word.contains("="))
                .map(role -> spec(role, slots, linger))
                .toList();
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("roles: none (expected: reader, digester or indexer)");
        }
        return specs;
    }

    private static AgentSpec spec(String role, int slots, Duration linger) {
        return switch (role) {
            case "reader" -> new Reader().spec();
            case "digester" -> new Digester(linger).spec(slots);
            case "indexer" -> new Indexer().spec();
            default -> throw new IllegalArgumentException("role: " + role + " (expected: reader, digester or indexer)");
        };
    }

    private static int number(List<String> words, String name, int otherwise) {
        return words.stream()
                .filter(word -> word.startsWith(name))
                .mapToInt(word -> Integer.parseInt(word.substring(name.length())))
                .findFirst()
                .orElse(otherwise);
    }
}
