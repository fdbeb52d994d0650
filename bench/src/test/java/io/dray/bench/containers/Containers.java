package io.dray.bench.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.compose.ComposeStatus;
import io.dray.cli.compose.Engine;
import io.dray.cli.compose.RouterWatch;
import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.core.testing.Await;
import io.dray.core.testing.Requires;
import io.dray.router.v1.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A compose project of its own, started by {@code dray compose up} and ended, with images' tags and volumes, by
 * {@code dray compose down}. The names of two runs at the same time differ.
 */
final class Containers implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name = "dray-test-" + ProcessHandle.current().pid();
    private final Map<String, String> environment = Map.of("COMPOSE_PROJECT_NAME", name, "DRAY_TAG", name);
    private final RouterWatch router = new RouterWatch();
    private final Path home = Requires.repository().resolve("cli/target/dray");

    /** What a program ended with. */
    record Ended(int code, String output) {}

    /** Starts the mesh; skips the test where no engine answers. */
    static Containers start() {
        Requires.that("docker", answers(), "no Docker engine with Compose answers");
        var containers = new Containers();
        Requires.that(
                "docker",
                Files.exists(containers.home.resolve("lib/.hash")),
                containers.home + " is missing; mvn package makes it");
        Requires.node();
        Requires.python();
        Ended up = containers.compose("up", "--timeout", "2m");
        if (up.code() != 0) {
            String logs = containers.compose("logs", "--tail", "20").output();
            containers.close();
            throw new AssertionError("dray compose up ended with " + up.code() + ":\n" + up.output() + "\n" + logs);
        }
        return containers;
    }

    private static boolean answers() {
        try {
            return !Engine.find(System.getenv("PATH")).compose().isEmpty();
        } catch (CommandException _) {
            return false;
        }
    }

    /** Runs {@code dray compose}, as a user does. */
    Ended compose(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Ddray.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "io.dray.cli.Dray",
                "compose"));
        command.addAll(List.of(words));
        return run(command);
    }

    /** Runs a program in the container of a service. */
    Ended exec(String service, String... words) {
        return run(execution(service, words));
    }

    /** The words that run a program in the container of a service. */
    List<String> execution(String service, String... words) {
        List<String> command = new ArrayList<>(List.of("docker", "exec", container(service)));
        command.addAll(List.of(words));
        return command;
    }

    /** Runs Docker's client, which has to be content; returns what it printed. */
    String docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        Ended ended = run(command);
        assertThat(ended.code()).as("%s: %s", command, ended.output()).isZero();
        return ended.output();
    }

    /** The id of the container of a service, whatever its state. */
    String container(String service) {
        return docker("ps", "-aq", "-f", label("project", name), "-f", label("service", service));
    }

    private static String label(String key, String value) {
        return "label=com.docker.compose." + key + "=" + value;
    }

    /** Kills process 1 of a container as the kernel does when memory is short; its restart policy is to bring it back. */
    void crash(String service) {
        String container = container(service);
        int restarts = restarts(container);
        String process = docker("inspect", "-f", "{{.State.Pid}}", container);
        String kill = "kill -9 " + process;
        docker("run", "--rm", "--pid", "host", "--user", "0", "--entrypoint", "bash", image("dray"), "-c", kill);
        Await.until(service + " to be started again", PATIENCE, () -> restarts(container) > restarts);
    }

    private int restarts(String container) {
        return Integer.parseInt(docker("inspect", "-f", "{{.RestartCount}}", container));
    }

    /** The name of an image with the tag of this run. */
    String image(String image) {
        return image + ":" + name;
    }

    /** The name of the network of the project. */
    String network() {
        return name + "_default";
    }

    /** The connection to the router as it runs now. */
    Door router() {
        return router.door(project().services()).orElseThrow();
    }

    /** Waits until all services run, are healthy and known to the mesh. */
    void awaitReady() {
        List<String> names = project().serviceNames();
        Await.until(() -> "all services to be ready: " + status(), PATIENCE, () -> status().isReady(names));
    }

    /** Waits until the router sees this of a node. */
    void awaitNode(String node, String what, Predicate<Node> condition) {
        Await.until(
                () -> node + " to be " + what + ": " + status(),
                PATIENCE,
                () -> status().mesh().nodes().stream()
                        .anyMatch(seen -> seen.getNode().equals(node) && condition.test(seen)));
    }

    private ComposeStatus status() {
        return project().status(router);
    }

    private ComposeProject project() {
        var variables = new HashMap<>(System.getenv());
        variables.putAll(environment);
        return ComposeProject.find(home, variables);
    }

    private Ended run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Requires.repository().toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            var output = new CompletableFuture<String>();
            Thread.ofVirtual().start(() -> output.complete(read(process)));
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + START);
            }
            return new Ended(process.exitValue(), output.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String read(Process process) {
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        router.close();
        Ended down = compose("down", "--volumes");
        run(List.of("docker", "image", "rm", image("dray"), image("dray-agent-node"), image("dray-agent-python")));
        assertThat(down.code()).as(down.output()).isZero();
    }
}
