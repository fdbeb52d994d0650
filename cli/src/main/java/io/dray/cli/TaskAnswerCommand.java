package io.dray.cli;

import com.google.protobuf.ByteString;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.AnswerTaskRequest;
import io.dray.router.v1.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray task answer}: what a parked task waits for. */
@Command(
        name = "answer",
        description = "Answer what a parked task asks; returns when the answer is stored, the worker goes on at once.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task list --state parked",
            "  dray task get TASK                 shows the question",
            "  dray task answer TASK 'yes, go on'",
            "  dray task answer TASK --file decision.json"
        })
final class TaskAnswerCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TASK", description = "Id of the task.")
    private String taskId = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final FileOption.Call file = new FileOption.Call();

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskAnswerCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ByteString answer = PayloadOptions.bytes(text, console, file);
        AnswerTaskRequest request = AnswerTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant.name())
                .setAnswer(answer)
                .build();
        try (Door door = sidecar.open()) {
            Task task = door.tasks(RouterOption.TIMEOUT).answerTask(request).getTask();
            TaskPrinter.print(console.out(), task, json.wanted());
        }
    }
}
