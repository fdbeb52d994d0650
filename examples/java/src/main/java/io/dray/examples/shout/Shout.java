package io.dray.examples.shout;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.MessageContext;
import io.dray.agent.Task;
import io.dray.agent.TaskContext;
import io.dray.agent.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * An agent that upper-cases what requests of type {@code upper} bring, counts the words of {@code wordcount} tasks, and
 * publishes the results to {@code done.upper} and {@code done.wordcount}.
 */
public final class Shout {
    private static final long TASK_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int USAGE = 2;
    private static final int REFUSED = 4;

    private Shout() {}

    /**
     * Attaches and answers until the process is stopped, or asks another agent.
     *
     * @param args {@code serve NAME} or {@code request TO TEXT}
     * @throws InterruptedException never
     */
    public static void main(String[] args) throws InterruptedException {
        try {
            run(args);
        } catch (MeshException failure) {
            System.err.println(failure.getMessage());
            System.exit(exitCode(failure));
        } catch (IllegalArgumentException failure) {
            System.err.println(failure.getMessage());
            System.exit(REFUSED);
        }
    }

    private static void run(String[] args) throws InterruptedException {
        if (args.length == 2 && args[0].equals("serve")) {
            serve(args[1]);
        } else if (args.length == 3 && args[0].equals("request")) {
            ask(args[1], args[2]);
        } else {
            System.err.println("usage: Shout serve NAME | Shout request [agent:|instance:|capability:]TO TEXT");
            System.exit(USAGE);
        }
    }

    private static void serve(String name) throws InterruptedException {
        var agent = AgentSpec.named(name)
                .capability("upper")
                .capability("wordcount")
                .onMessage("upper", Shout::upper)
                .onTask(Shout::wordcount)
                .taskSlots(4);
        var mesh = Mesh.connect(agent);
        Runtime.getRuntime().addShutdownHook(new Thread(mesh::close));
        System.err.println("attached as " + mesh.instance());
        Thread.currentThread().join();
    }

    private static void ask(String to, String text) {
        try (var mesh = Mesh.connect("caller")) {
            System.out.println(mesh.requestBlocking(Message.to(to).type("upper").payload(text), PATIENCE)
                    .text());
        }
    }

    private static void upper(Message request, MessageContext context) {
        if (!request.payload().isValidUtf8()) {
            throw new IllegalArgumentException("The payload is not UTF-8.");
        }
        var text = Message.content().type("upper").payload(request.text().toUpperCase(Locale.ROOT));
        context.reply(text);
        context.mesh().publish("done.upper", text);
    }

    /** Counts line by line, in about a second so that one can watch it; interrupted when the attempt is cancelled. */
    private static byte[] wordcount(Task task, TaskContext context) throws InterruptedException {
        if (!task.capability().equals("wordcount")) {
            throw new TaskFailure("This agent only counts words.", task.capability());
        }
        var lines = task.text().split("\n", -1);
        int words = 0;
        for (int i = 0; i < lines.length; i++) {
            Thread.sleep(TASK_MILLIS / lines.length);
            words += new StringTokenizer(lines[i]).countTokens();
            context.progress(100 * (i + 1) / lines.length, words + " words");
        }
        var result = Integer.toString(words);
        context.mesh()
                .publish("done.wordcount", Message.content().type("wordcount").payload(result));
        return result.getBytes(StandardCharsets.UTF_8);
    }

    private static int exitCode(MeshException failure) {
        return switch (failure.code()) {
            case CODE_HANDLER_FAILED, CODE_NO_HANDLER -> 1;
            case CODE_UNREACHABLE -> 3;
            case CODE_EXPIRED -> 5;
            default -> REFUSED;
        };
    }
}
