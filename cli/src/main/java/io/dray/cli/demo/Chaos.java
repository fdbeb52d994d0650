package io.dray.cli.demo;

import io.dray.cli.cluster.LocalCluster;
import io.dray.router.v1.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Kills one sidecar in the middle of the work, at a moment when agents beside it hold attempts; again if the attempts
 * had ended before the kill came. The victim is the preferred node if it has work, else one that has. Not thread-safe.
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

    /** One kill, and the attempts that ran beside the victim. */
    record Kill(String node, Instant at, List<Task> lost) {}

    Chaos(LocalCluster cluster, DigestMesh mesh, String preferred) {
        this.cluster = cluster;
        this.mesh = mesh;
        this.preferred = preferred;
    }

    /** Kills when a third of the files is digested; then tells it to {@code progress}. */
    void strike(long succeeded, int files, StatusTally tally, java.util.function.Consumer<String> progress) {
        boolean isMiddle = files < FEW_FILES || succeeded * 3 >= files;
        if (hasHit || !isMiddle) {
            return;
        }
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
