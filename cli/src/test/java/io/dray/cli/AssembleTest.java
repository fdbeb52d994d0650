package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script by which {@code mvn package} gathers a lib folder; the jars are any files. */
class AssembleTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void gathersTheClassPathAndTheModulesOwnJar() throws Exception {
        assemble("own.jar", "one.jar", "two.jar");

        assertThat(lib()).containsExactly("jvm.options", "one.jar", "own.jar", "two.jar");
        assertThat(folder.resolve("out/lib/.stamp")).exists();
    }

    @Test
    void replacesWhatChangedAndRemovesWhatWent() throws Exception {
        assemble("own.jar", "one.jar", "two.jar");
        String before = Files.readString(folder.resolve("out/lib/.hash"));
        Files.writeString(folder.resolve("one.jar"), "changed");

        assemble("own.jar", "one.jar");

        assertThat(lib()).containsExactly("jvm.options", "one.jar", "own.jar");
        assertThat(folder.resolve("out/lib/one.jar")).hasContent("changed");
        assertThat(Files.readString(folder.resolve("out/lib/.hash"))).isNotEqualTo(before);
    }

    @Test
    void leavesAJarAsItWasToWhoHasItOpen() throws Exception {
        assemble("own.jar", "one.jar");
        Files.writeString(folder.resolve("one.jar"), "changed");

        try (InputStream open = Files.newInputStream(folder.resolve("out/lib/one.jar"))) {
            assemble("own.jar", "one.jar");

            assertThat(open).hasContent("one.jar");
        }
    }

    @Test
    void keepsTheHashWhileNothingChanges() throws Exception {
        assemble("own.jar", "one.jar");
        String before = Files.readString(folder.resolve("out/lib/.hash"));

        assemble("own.jar", "one.jar");

        assertThat(folder.resolve("out/lib/.hash")).hasContent(before.strip());
    }

    @Test
    void refusesAFolderOfClassesInPlaceOfAJar() throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));

        Process process = start(jar("own.jar"), classes.toString());

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).contains(classes + " is not a jar");
        assertThat(process.waitFor()).isNotZero();
    }

    private void assemble(String own, String... others) throws IOException, InterruptedException {
        for (String name : others) {
            jar(name);
        }
        String classPath = Arrays.stream(others)
                .map(name -> folder.resolve(name).toString())
                .collect(Collectors.joining(":"));

        Process process = start(jar(own), classPath);

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    private Process start(Path own, String classPath) throws IOException {
        Path list = Files.writeString(folder.resolve("class-path"), classPath);
        Path script = Requires.repository().resolve("cli/src/main/launcher/assemble");
        String out = folder.resolve("out").toString();
        return new ProcessBuilder(script.toString(), list.toString(), own.toString(), out)
                .redirectErrorStream(true)
                .start();
    }

    private Path jar(String name) throws IOException {
        Path jar = folder.resolve(name);
        return Files.exists(jar) ? jar : Files.writeString(jar, name);
    }

    private List<String> lib() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
