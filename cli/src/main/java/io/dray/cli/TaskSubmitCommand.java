package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.ExplainTaskRequest;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray task submit}: one task; on wish waits for its end and prints its result. */
@Command(
        name = "submit",
        description = "Submit a task for a capability, or by --stream as many as there are lines.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task submit translate 'good morning' --wait --timeout 1m",
            "  dray task submit report --file order.txt --key order-17 --label team=books",
            "  dray task submit pay --file order.json --never-retry worker-lost",
            "  dray task submit --stream orders.jsonl",
            "  generate | dray task submit digest --queue nightly --stream -",
            "",
            "Each line of --stream is a TaskSpec in JSON, as task_service.proto has it; what",
            "it leaves out is taken from the options. Its payload is Base64, or a text as",
            "payload_text, or any JSON object or list. Give each line an idempotencyKey where",
            "the same lines may be sent again:",
            "  {\"capability\": \"digest\", \"idempotencyKey\": \"7\", \"payload\": {\"order\": 7}}"
        })
final class TaskSubmitCommand implements Callable<Integer> {
    /** A free agent takes a task within milliseconds. */
    private static final Duration WORTH_A_WORD = Duration.ofSeconds(2);
    /** How long a stream may take. */
    private static final Duration STREAM = Duration.ofDays(1);

    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CAPABILITY",
            converter = MeshWord.Name.class,
            description = "Which agents can do it.")
    private String capability = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final PayloadOptions payload = new PayloadOptions();

    @Mixin
    private final FileOption.Call file = new FileOption.Call();

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            converter = MeshWord.Name.class,
            description = "Queue (default: default).")
    private String queue = "";

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Option(names = "--key", paramLabel = "KEY", description = "Idempotency key: the same key makes one task.")
    private String key = "";

    @Mixin
    private final TaskLifeOptions life = new TaskLifeOptions();

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label; may be repeated.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--wait",
            description = "Say the id on standard error, wait for the end, at most --timeout, and print the result;"
                    + " without --wait, --timeout is for the router's word that it has the task.")
    private boolean wait;

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            description =
                    "Submit a task for each line of a file, or of standard input when it is -. Prints line and id of"
                            + " each when the router has it.")
    private String stream = "";

    @Mixin
    private final NeedsOptions needs = new NeedsOptions();

    @Mixin
    private final DoorOptions options = new DoorOptions();

    TaskSubmitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException, StatusException {
        if (!stream.isEmpty()) {
            return submitAll();
        }
        if (capability.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE, "CAPABILITY is missing (expected: which agents can do it, or --stream FILE)");
        }
        SubmitTaskRequest request = SubmitTaskRequest.newBuilder()
                .setSpec(spec())
                .setTenant(tenant.name())
                .build();
        try (Door door = options.open()) {
            Task task = door.tasks(options.patience()).submitTask(request).getTask();
            warnIfImpossible(door, task);
            if (!wait) {
                print(task);
                return 0;
            }
            var wish =
                    WatchTasksRequest.newBuilder().addTaskIds(task.getTaskId()).setTenant(tenant.name());
            new TaskWait(console.err(), WORTH_A_WORD)
                    .toEnd(task, door.tasks(options.patience()).watchTasks(wish.build()));
            var ask = GetTaskRequest.newBuilder().setTaskId(task.getTaskId()).setTenant(tenant.name());
            Task ended = door.tasks(options.patience()).getTask(ask.build()).getTask();
            print(ended);
            return TaskPrinter.exitCode(ended).number();
        }
    }

    private int submitAll() throws InterruptedException, StatusException {
        if (wait || !text.isEmpty() || !file.file().isEmpty() || !key.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--stream is given with PAYLOAD, --file, --key or --wait (expected: lines that say all of it)");
        }
        TaskSpec common = spec();
        // Standard input stays open: closing it would wait for whoever has not typed the next line.
        try (InputStream opened = stream.equals("-") ? InputStream.nullInputStream() : streamFile();
                Door door = options.open()) {
            InputStream in = stream.equals("-") ? console.in() : opened;
            TaskStream all = new TaskStream(console, common, tenant.name(), options.isJsonWanted());
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return all.run(door.taskCalls(STREAM).submitStream(), lines).number();
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
            throw new CommandException(
                    ExitCode.USAGE, stream + " cannot be read: " + reason + " (expected: a file of lines, or -)", e);
        }
    }

    private InputStream streamFile() throws IOException {
        try {
            return Files.newInputStream(Path.of(stream));
        } catch (InvalidPathException e) {
            throw new CommandException(
                    ExitCode.USAGE, "'" + stream + "' is no file name (expected: a file of lines, or -)", e);
        }
    }

    private TaskSpec spec() {
        TaskSpec.Builder spec = TaskSpec.newBuilder()
                .setCapability(capability)
                .setType(payload.type())
                .setContentType(payload.contentType())
                .setPriority(payload.priority())
                .setQueue(queue)
                .setIdempotencyKey(key)
                .putAllLabels(labels)
                .setPayload(PayloadOptions.bytes(text, console, file));
        life.into(spec);
        if (wait && !spec.hasDeadline()) {
            spec.setDeadline(Protos.timestamp(Instant.now().plus(options.timeout())));
        }
        needs.into(spec);
        return spec.build();
    }

    /** The task waits, since a larger node may join; but whoever mistyped its needs wants to know at once. */
    private void warnIfImpossible(Door door, Task task) {
        try {
            var ask =
                    ExplainTaskRequest.newBuilder().setTaskId(task.getTaskId()).setTenant(tenant.name());
            var explained = door.tasks(options.patience()).explainTask(ask.build());
            if (explained.getImpossible()) {
                console.err()
                        .println("warning: " + Table.printable(explained.getSummary())
                                + " It waits; see: dray task explain " + task.getTaskId());
            }
        } catch (StatusRuntimeException _) {
            // An older router, or one that is away by now: the task is submitted all the same.
        }
    }

    private void print(Task task) {
        if (options.isJsonWanted()) {
            Json.print(console.out(), TaskPrinter.json(task));
            return;
        }
        if (!wait) {
            console.out().println(task.getTaskId());
            return;
        }
        if (task.getState() == TaskState.TASK_STATE_SUCCEEDED) {
            printResult(task);
        } else {
            TaskPrinter.printLine(console.err(), task);
        }
    }

    /** The result alone, so that it can go into a pipe. */
    private void printResult(Task task) {
        try {
            task.getResult().writeTo(console.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        console.out().println();
    }
}
