package io.dray.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.Json;
import io.dray.router.v1.StreamedTask;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
import io.dray.router.v1.TaskSpec;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submits the tasks of JSON lines through one stream: a thread of its own reads and sends as fast as the router takes
 * them, the caller's thread tells what became of each line. Confined to one command.
 */
final class TaskStream {
    private static final int MESSAGE_TASKS = 200;
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final String EXPECTED = "a TaskSpec in JSON in one line, such as {\"capability\": \"digest\"}";

    private final Console console;
    private final TaskSpec common;
    private final String tenant;
    private final boolean json;
    private final JsonMapper mapper = new JsonMapper();
    /** Lines without an answer, by their index in the stream. */
    private final Map<Long, Long> lines = new ConcurrentHashMap<>();

    private final AtomicBoolean isUnreadable = new AtomicBoolean();

    private long submitted;
    private long existed;
    private long refused;

    /** @param common what a line has that says nothing else */
    TaskStream(Console console, TaskSpec common, String tenant, boolean json) {
        this.console = console;
        this.common = common;
        this.tenant = tenant;
        this.json = json;
    }

    /** Sends all lines and returns when each has its answer. */
    ExitCode run(BlockingClientCall<SubmitStreamRequest, SubmitStreamResponse> call, BufferedReader input)
            throws InterruptedException, StatusException {
        Thread sender = Thread.ofVirtual().name("task-lines").start(() -> send(call, input));
        for (SubmitStreamResponse answers = call.read(); answers != null; answers = call.read()) {
            answers.getTasksList().forEach(this::tell);
        }
        sender.join();
        console.err().println("submitted " + submitted + ", known before " + existed + ", refused " + refused);
        if (isUnreadable.get()) {
            return ExitCode.USAGE;
        }
        return refused == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private void send(BlockingClientCall<SubmitStreamRequest, SubmitStreamResponse> call, BufferedReader input) {
        try {
            sendAll(call, input);
            call.halfClose();
        } catch (IOException e) {
            isUnreadable.set(true);
            console.err().println("dray: the lines cannot be read: " + e.getMessage());
            call.halfClose();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StatusException _) {
            // The thread that reads the answers gets it too, and tells it.
        }
    }

    private void sendAll(BlockingClientCall<SubmitStreamRequest, SubmitStreamResponse> call, BufferedReader input)
            throws IOException, InterruptedException, StatusException {
        SubmitStreamRequest.Builder message = SubmitStreamRequest.newBuilder().setTenant(tenant);
        int bytes = 0;
        long number = 0;
        long index = 0;
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            number++;
            TaskSpec spec = line.isBlank() ? TaskSpec.getDefaultInstance() : parse(line, number);
            if (!spec.getCapability().isEmpty()) {
                lines.put(index, number);
                index++;
                message.addSpecs(spec);
                bytes += spec.getSerializedSize();
            }
            // Whoever types or pipes lines slowly sees each answer at once.
            boolean isFull = message.getSpecsCount() == MESSAGE_TASKS || bytes >= MESSAGE_BYTES || !input.ready();
            if (isFull && message.getSpecsCount() > 0) {
                if (!call.write(message.build())) {
                    return;
                }
                message.clearSpecs();
                bytes = 0;
            }
        }
        if (message.getSpecsCount() > 0) {
            var _ = call.write(message.build());
        }
    }

    /** Returns the task of a line; one without capability when it is none, which is told. */
    private TaskSpec parse(String line, long number) {
        try {
            JsonNode tree = mapper.readTree(line);
            if (!(tree instanceof ObjectNode object)) {
                return bad(number, "is no object");
            }
            ByteString payload = payload(object);
            TaskSpec.Builder spec = TaskSpec.newBuilder();
            JsonFormat.parser().merge(object.toString(), spec);
            if (!payload.isEmpty()) {
                spec.setPayload(payload);
            }
            TaskSpec whole = common.toBuilder().mergeFrom(spec.build()).build();
            return whole.getCapability().isEmpty() ? bad(number, "has no capability") : whole;
        } catch (JacksonException e) {
            return bad(number, "is no JSON: " + e.getOriginalMessage());
        } catch (InvalidProtocolBufferException e) {
            return bad(number, "is no task: " + e.getMessage());
        }
    }

    /** Takes out a payload that is a text or JSON; one that is Base64 stays, as the contract's JSON has it. */
    private static ByteString payload(ObjectNode object) {
        JsonNode text = object.remove("payload_text");
        if (text != null) {
            return ByteString.copyFromUtf8(text.asString());
        }
        JsonNode payload = object.get("payload");
        if (payload == null || !payload.isContainer()) {
            return ByteString.EMPTY;
        }
        object.remove("payload");
        return ByteString.copyFromUtf8(payload.toString());
    }

    private TaskSpec bad(long number, String what) {
        isUnreadable.set(true);
        console.err()
                .println("dray: line " + number + " " + what.replaceAll("\\p{Cntrl}+", " ") + " (expected: " + EXPECTED
                        + ")");
        return TaskSpec.getDefaultInstance();
    }

    private void tell(StreamedTask task) {
        Long line = lines.remove(task.getIndex());
        long number = line == null ? 0 : line;
        if (task.hasError()) {
            refused++;
        } else if (task.getExisted()) {
            existed++;
        } else {
            submitted++;
        }
        if (json) {
            printJson(number, task);
            return;
        }
        if (task.hasError()) {
            console.err().println("dray: line " + number + ": " + Failures.line(task.getError()));
            return;
        }
        console.out().println(number + " " + task.getTaskId() + (task.getExisted() ? " existed" : ""));
    }

    private void printJson(long number, StreamedTask task) {
        ObjectNode node = Json.object().put("line", number);
        if (task.hasError()) {
            node.putObject("error")
                    .put("code", Failures.name(task.getError().getCode()))
                    .put("message", task.getError().getMessage());
        } else {
            node.put("task_id", task.getTaskId()).put("existed", task.getExisted());
        }
        Json.printLine(console.out(), node);
    }
}
