package io.dray.cli.demo;

import io.dray.cli.output.ExitCode;
import io.dray.cli.output.ProgressBar;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The digest demo on a mesh that another one left up: asks for each file by its SHA-256 and has digested what the mesh
 * does not know. It starts and ends no process. Runs on the caller's thread.
 */
final class AttachedDemo {
    private final KeptMesh kept;
    private final ProgressBar progress;
    private final DemoEnd end;

    AttachedDemo(KeptMesh kept, ProgressBar progress, DemoEnd end) {
        this.kept = kept;
        this.progress = progress;
        this.end = end;
    }

    /** Whether all agents of a demo answer and have nothing to do; says why not. */
    static boolean isIdle(KeptMesh kept, ProgressBar progress) {
        try (DigestMesh mesh = mesh(kept)) {
            String phase = mesh.readerStatus().getOrDefault("phase", "");
            boolean isReading = phase.equals("reading") || phase.equals("submitting");
            if (mesh.agents() == Demo.AGENTS && !isReading && !mesh.hasLiveTasks()) {
                return true;
            }
            progress.note("the mesh that is kept in %s is at work, or some of its agents are gone; it ends by: %s"
                    .formatted(kept.folder(), kept.stop()));
        } catch (StatusRuntimeException e) {
            progress.note("the mesh that is kept in %s does not answer (%s); it ends by: %s"
                    .formatted(kept.folder(), e.getStatus().getCode(), kept.stop()));
        }
        return false;
    }

    ExitCode run(PlainWalk walk) {
        try (DigestMesh mesh = mesh(kept)) {
            StatusTally tally = new StatusTally();
            mesh.leaveOut(tally);
            List<Task> tasks = mesh.tasks(List.of());
            Instant begin = Instant.now();
            Known known = ask(mesh, walk, tasks);
            mesh.view(known.files());
            if (known.files().size() < walk.files().size()) {
                mesh.readMissing(walk.folder());
                new Digestion(this::deadAgents, mesh, progress, tally, tasks.size()).await(_ -> {});
            }
            Set<String> earlier = tasks.stream().map(Task::getTaskId).collect(Collectors.toSet());
            var work = new DemoEnd.Work(walk, begin, earlier, List.of(), Optional.of(known));
            ExitCode code = end.tell(mesh, tally, work);
            if (known.files().size() < walk.files().size()) {
                warm(mesh, walk, progress);
            }
            end.tellMesh(kept, true);
            return code;
        }
    }

    /** Asks for each file once, so that the sidecar keeps the replies for the next demo. */
    static void warm(DigestMesh mesh, PlainWalk walk, ProgressBar progress) {
        ask(mesh, walk, mesh.tasks(List.of(TaskState.TASK_STATE_SUCCEEDED)), progress);
        progress.end();
    }

    private Known ask(DigestMesh mesh, PlainWalk walk, List<Task> tasks) {
        return ask(
                mesh,
                walk,
                tasks.stream()
                        .filter(task -> task.getState() == TaskState.TASK_STATE_SUCCEEDED)
                        .toList(),
                progress);
    }

    private static Known ask(DigestMesh mesh, PlainWalk walk, List<Task> succeeded, ProgressBar progress) {
        Set<String> ids = succeeded.stream().map(Task::getTaskId).collect(Collectors.toSet());
        int files = walk.files().size();
        return Known.ask(mesh, walk.files(), ids, asked -> progress.show("asking", asked, files), System::nanoTime);
    }

    private List<String> deadAgents() {
        return kept.ended() == 0 ? List.of() : List.of(kept.ended() + " processes of the mesh in " + kept.folder());
    }

    private static DigestMesh mesh(KeptMesh kept) {
        return DigestMesh.of(kept.addresses(), Demo.READER_NODE, Demo.INDEXER_NODE);
    }
}
