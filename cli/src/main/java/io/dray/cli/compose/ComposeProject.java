package io.dray.cli.compose;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The project of {@code compose/compose.yaml} at an engine. Immutable; its methods wait for the programs they run. */
public final class ComposeProject {
    private static final String FILE = "compose/compose.yaml";

    private final Engine engine;
    private final Path root;
    private final String name;
    private final String tag;

    private ComposeProject(Engine engine, Path root, String name, String tag) {
        this.engine = engine;
        this.root = root;
        this.name = name;
        this.tag = tag;
    }

    /**
     * Finds the project of the source tree that this process was built in.
     *
     * @param home the product's folder, {@code cli/target/dray} of the tree
     * @param environment where COMPOSE_PROJECT_NAME, DRAY_TAG and PATH may stand
     * @throws CommandException USAGE without a source tree, UNREACHABLE without an engine or Compose
     */
    public static ComposeProject find(Path home, Map<String, String> environment) {
        Path root = home.resolve("../../..").normalize();
        if (!Files.isReadable(root.resolve(FILE))) {
            throw new CommandException(
                    ExitCode.USAGE, root.resolve(FILE) + " is missing (expected: ./dray in a source tree of Dray)");
        }
        return new ComposeProject(
                Engine.find(environment.getOrDefault("PATH", "")),
                root,
                environment.getOrDefault("COMPOSE_PROJECT_NAME", "dray"),
                environment.getOrDefault("DRAY_TAG", "local"));
    }

    /** What to call the project. */
    public String name() {
        return name;
    }

    /** How somebody runs Compose on this project by hand. */
    public String byHand() {
        Path file = Path.of("").toAbsolutePath().relativize(root.resolve(FILE));
        return Path.of(engine.compose().getFirst()).getFileName()
                + (engine.compose().size() > 1 ? " compose" : "") + " -p " + name + " -f " + file;
    }

    /** Makes what the images are made from where it is missing, telling what it does. */
    public void prepare(PrintStream progress) {
        Run.told(List.of(root.resolve("compose/prepare").toString()), progress);
    }

    /** The services whose images are missing or older than what they are made from. */
    public List<String> staleServices() {
        return Images.staleServices(engine.docker(), root, tag);
    }

    /** Builds the images of these services, of all when none is named, telling what the engine does. */
    public void build(List<String> services, PrintStream progress) {
        List<String> words = words("build");
        words.addAll(services);
        Run.told(words, progress);
    }

    /** Starts what does not run, without waiting for its health. */
    public void start(PrintStream progress) {
        Run.told(words("up", "--detach"), progress);
    }

    /** Ends and removes containers and networks, on wish what they stored. */
    public void remove(boolean volumes, PrintStream progress) {
        Run.told(volumes ? words("down", "--volumes") : words("down"), progress);
    }

    /** Shows logs at the terminal of this process; returns the exit code. */
    public int logs(List<String> options, List<String> services) {
        List<String> words = words("logs");
        words.addAll(options);
        words.addAll(services);
        return Run.inPlace(words);
    }

    /** Names of all services in the file. */
    public List<String> serviceNames() {
        return output(words("config", "--services")).lines().sorted().toList();
    }

    /** The containers that are there, by name. */
    public List<Service> services() {
        var words = List.of(
                engine.docker(),
                "ps",
                "--all",
                "--no-trunc",
                "--filter",
                "label=com.docker.compose.project=" + name,
                "--format",
                Service.FORMAT);
        return output(words).lines().sorted().map(Service::parse).toList();
    }

    /** The containers that are there, and what the mesh in them makes of each. */
    public ComposeStatus status(RouterWatch router) {
        List<Service> services = services();
        return new ComposeStatus(services, router.see(services));
    }

    private static String output(List<String> words) {
        Run.Ended ended = Run.quietly(words);
        if (!ended.done()) {
            throw new CommandException(ExitCode.FAILED, String.join(" ", words) + ": " + ended.output());
        }
        return ended.output();
    }

    private List<String> words(String... words) {
        List<String> all = new ArrayList<>(engine.compose());
        all.addAll(List.of("-p", name, "-f", root.resolve(FILE).toString()));
        all.addAll(List.of(words));
        return all;
    }
}
