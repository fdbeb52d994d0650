package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.cluster.LocalCluster;
import io.dray.router.v1.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Kills one sidecar in the middle of the work, at a moment when agents beside it hold attempts; again if the attempts
 * had ended before the kill came. The victim is the preferred node if it has work, else one that has. Later, while
 * others hold attempts, it kills the router. Not thread-safe.
 */
final class Chaos {
    private static final int FEW_FILES = 24;
    private static final long LONGEST_LINGER_MILLIS = 3_000;
    private static final long SHORTEST_LINGER_MILLIS = 100;
    private static final long LINGER_OF_ALL_MILLIS = 180_000;

    private final LocalCluster cluster;
    private final DigestMesh mesh;
    private final String preferred;
    private final List<Kill> kills = new ArrayList<>();
    private boolean hasHit;
    private boolean hasHitRouter;

    /** One kill, and the attempts that ran beside the victim; a router takes none with it. */
    record Kill(String node, Instant at, List<Task> lost) {
        boolean isOfRouter() {
            return node.equals(ClusterPlan.ROUTER);
        }
    }

    Chaos(LocalCluster cluster, DigestMesh mesh, String preferred) {
        this.cluster = cluster;
        this.mesh = mesh;
        this.preferred = preferred;
    }

    /**
     * Kills the sidecar when a third of the files is digested and the router when two thirds are, of few files each as
     * soon as it can; tells it to {@code progress}.
     */
    void strike(long succeeded, int files, StatusTally tally, Consumer<String> progress) {
        boolean isSoon = files < FEW_FILES;
        if (!hasHit && (isSoon || succeeded * 3 >= files)) {
            strikeSidecar(tally, progress);
        } else if (hasHit && !hasHitRouter && (isSoon || succeeded * 3 >= files * 2L)) {
            strikeRouter(progress);
        }
    }

    private void strikeSidecar(StatusTally tally, Consumer<String> progress) {
        mesh.tally(tally);
        Set<String> atWork = mesh.tasksAtWork().stream().map(Task::getNode).collect(Collectors.toSet());
        if (atWork.isEmpty()) {
            return;
        }
        String victim =
                atWork.contains(preferred) ? preferred : atWork.iterator().next();
        cluster.kill(victim);
        Instant at = Instant.now();
        List<Task> lost = mesh.tasksAtWork().stream()
                .filter(task -> task.getNode().equals(victim))
                .toList();
        kills.add(new Kill(victim, at, lost));
        hasHit = !lost.isEmpty();
        progress.accept("killed the sidecar of %s (SIGKILL); %d attempts were running beside it"
                .formatted(victim, lost.size()));
    }

    /** Not before somebody works whom the first kill did not hit: else nobody would have an outcome to keep. */
    private void strikeRouter(Consumer<String> progress) {
        Set<String> lost = kills.stream()
                .flatMap(kill -> kill.lost().stream())
                .map(Chaos::attempt)
                .collect(Collectors.toSet());
        long atWork = mesh.tasksAtWork().stream()
                .filter(task -> !lost.contains(attempt(task)))
                .count();
        if (atWork == 0) {
            return;
        }
        cluster.kill(ClusterPlan.ROUTER);
        kills.add(new Kill(ClusterPlan.ROUTER, Instant.now(), List.of()));
        hasHitRouter = true;
        progress.accept("killed the router (SIGKILL); %d attempts were running".formatted(atWork));
    }

    private static String attempt(Task task) {
        return task.getTaskId() + "#" + task.getToken();
    }

    /**
     * How long an attempt lasts at least, so that the kill meets running ones in a small folder too, and a large one is
     * not slowed down much.
     */
    static long lingerMillis(int files) {
        return Math.clamp(LINGER_OF_ALL_MILLIS / files, SHORTEST_LINGER_MILLIS, LONGEST_LINGER_MILLIS);
    }

    /** The kills in order. */
    List<Kill> kills() {
        return List.copyOf(kills);
    }
}
