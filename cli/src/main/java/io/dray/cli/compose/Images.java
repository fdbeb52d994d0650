package io.dray.cli.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The images of compose.yaml and what each is made from. */
final class Images {
    private static final String NEWEST = "{{json .Created}},{{json .Metadata.LastTagTime}}";

    /** The service that builds an image, the image, its files. */
    private static final List<Image> ALL = List.of(
            new Image(
                    "router",
                    "dray",
                    List.of("compose/Dockerfile", "cli/src/main/launcher/healthy", "cli/target/dray/aot")),
            new Image(
                    "agent-node",
                    "dray-agent-node",
                    List.of("compose/agent-node/Dockerfile", "examples/node", "proto/dray")),
            new Image(
                    "agent-python",
                    "dray-agent-python",
                    List.of("compose/agent-python/Dockerfile", "examples/python", "proto/dray")));

    private Images() {}

    private record Image(String service, String name, List<String> sources) {}

    /** The services whose image, with this tag, is missing or older than a file that it is made from. */
    static List<String> staleServices(String docker, Path root, String tag) {
        return ALL.stream()
                .filter(image -> isStale(docker, root, image, tag))
                .map(Image::service)
                .toList();
    }

    private static boolean isStale(String docker, Path root, Image image, String tag) {
        Run.Ended made = Run.quietly(List.of(docker, "image", "inspect", "--format", NEWEST, image.name() + ":" + tag));
        return !made.done()
                || image.sources().stream()
                        .anyMatch(source -> newest(root.resolve(source)).isAfter(time(made.output())));
    }

    /** A build that found all in Docker's cache makes nothing new, but gives its tag once more. */
    private static Instant time(String times) {
        return Stream.of(times.split(","))
                .map(time -> OffsetDateTime.parse(time.replace("\"", "")).toInstant())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private static Instant newest(Path source) {
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> Instant.ofEpochMilli(file.toFile().lastModified()))
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
