package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.dray.cli.output.ExitCode;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TaskPrinterTest {
    private final Task running = Task.newBuilder()
            .setTaskId("t1")
            .setSpec(TaskSpec.newBuilder().setCapability("digest").setQueue("default"))
            .setState(TaskState.TASK_STATE_RUNNING)
            .setAttempts(2)
            .setPercent(40)
            .setInstance("digester/x@node-1")
            .setNode("node-1")
            .setMessage("weighs\n17 terms")
            .setSubmittedAt(Timestamp.newBuilder().setSeconds(1_800_000_000))
            .build();

    @Test
    void aRunningTaskIsOneLine() {
        assertThat(printed(out -> TaskPrinter.printLine(out, running)))
                .isEqualTo("t1  RUNNING     40%  attempts 2  digester/x@node-1  weighs?17 terms\n");
    }

    @Test
    void aFailedTaskSaysWhy() {
        Task failed = running.toBuilder()
                .setState(TaskState.TASK_STATE_FAILED)
                .setError(MeshError.of(Code.CODE_HANDLER_FAILED, "The handler threw."))
                .build();

        assertThat(printed(out -> TaskPrinter.printLine(out, failed)))
                .contains("FAILED")
                .contains("HANDLER_FAILED: The handler threw.")
                .doesNotContain("40%");
        assertThat(TaskPrinter.exitCode(failed)).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void theWayATaskEndedIsTheExitCode() {
        assertThat(exitCode(TaskState.TASK_STATE_SUCCEEDED)).isEqualTo(ExitCode.DONE);
        assertThat(exitCode(TaskState.TASK_STATE_CANCELLED)).isEqualTo(ExitCode.FAILED);
        assertThat(exitCode(TaskState.TASK_STATE_EXPIRED)).isEqualTo(ExitCode.TIMED_OUT);
    }

    @Test
    void theTableHasARowForEachTask() {
        assertThat(printed(out -> TaskPrinter.printTable(out, java.util.List.of(running)))
                        .lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("t1", "RUNNING", "digest", "default", "node-1", "2027-01-15T08:00:00Z");
    }

    @Test
    void jsonHasWhatIsKnown() {
        Task succeeded = running.toBuilder()
                .setState(TaskState.TASK_STATE_SUCCEEDED)
                .setResult(ByteString.copyFromUtf8("42"))
                .build();

        var json = TaskPrinter.json(succeeded);

        assertThat(json.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(json.path("result").asString()).isEqualTo("42");
        assertThat(json.path("submitted_at").asString()).isEqualTo("2027-01-15T08:00:00Z");
        assertThat(json.has("finished_at")).isFalse();
        assertThat(json.has("error")).isFalse();
    }

    private ExitCode exitCode(TaskState state) {
        return TaskPrinter.exitCode(running.toBuilder().setState(state).build());
    }

    private static String printed(Consumer<PrintStream> print) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        print.accept(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
