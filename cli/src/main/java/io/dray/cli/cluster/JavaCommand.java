package io.dray.cli.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a JVM of the same installation is started: the same java, class path and flags. Immutable. */
record JavaCommand(Path java, Optional<Path> flags, List<String> properties, String classPath) {
    private static final String FLAGS_IN_HOME = "lib/jvm.options";
    private static final String FLAGS_IN_SOURCES = "cli/src/main/launcher/jvm.options";

    JavaCommand {
        properties = List.copyOf(properties);
    }

    /** As this JVM was started. */
    static JavaCommand ofThisProcess() {
        Optional<Path> home = folder("dray.home");
        Optional<Path> flags = home.map(folder -> folder.resolve(FLAGS_IN_HOME))
                .or(() -> folder("dray.root").map(folder -> folder.resolve(FLAGS_IN_SOURCES)))
                .filter(Files::isReadable);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> properties = new ArrayList<>();
        home.ifPresent(folder -> properties.add("-Ddray.home=" + folder));
        folder("dray.aot")
                .ifPresent(cache -> properties.addAll(List.of("-XX:AOTCache=" + cache, "-Ddray.aot=" + cache)));
        return new JavaCommand(java, flags, properties, System.getProperty("java.class.path"));
    }

    /** The command line that runs {@code mainClass}. */
    List<String> line(String mainClass, List<String> words) {
        List<String> line = new ArrayList<>();
        line.add(java.toString());
        flags.ifPresent(file -> line.add("@" + file));
        line.addAll(properties);
        line.add("-cp");
        line.add(classPath);
        line.add(mainClass);
        line.addAll(words);
        return List.copyOf(line);
    }

    private static Optional<Path> folder(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }
}
