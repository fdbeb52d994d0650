package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher script in small trees whose JDK and Maven only say how they were called. */
class LauncherTest {
    private static final String JAVA = """
            #!/bin/bash
            echo "java $*"
            echo "arenas $MALLOC_ARENA_MAX locale $LC_ALL"
            """;
    private static final String MAVEN = """
            #!/bin/bash
            echo "[INFO] --- compiler:compile"
            echo "[INFO] Building dray-core 1.0 [2/8]"
            echo "[WARNING] mvn $*"
            mkdir -p cli/target/dray/lib bench/target/dray/lib
            echo key > cli/target/dray/lib/.hash
            touch cli/target/dray/lib/{b,a}.jar cli/target/dray/lib/.stamp
            touch bench/target/dray/lib/z.jar bench/target/dray/lib/.stamp
            """;
    private static final String BUILDING = "dray: building with Maven";

    @TempDir
    private Path folder;

    private Path tree = Path.of(".");
    private Path jdk = Path.of(".");

    @BeforeEach
    void makeTreeAndJdk() throws IOException {
        tree = folder.resolve("tree");
        Path launcher = Files.createDirectories(tree.resolve("cli/src/main/launcher"));
        Files.copy(Requires.repository().resolve("cli/src/main/launcher/find-jdk"), launcher.resolve("find-jdk"));
        Files.copy(Requires.repository().resolve("dray"), tree.resolve("dray"));
        jdk = folder.resolve("jdk");
        program(jdk.resolve("bin/java"), JAVA);
        program(jdk.resolve("bin/javac"), JAVA);
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        program(folder.resolve("bin/mvn"), MAVEN);
        for (String module : List.of("core", "agent", "sidecar", "router", "examples/java", "cli", "bench")) {
            Files.createDirectories(tree.resolve(module + "/src/main"));
            Files.createFile(tree.resolve(module + "/pom.xml"));
        }
        Files.createDirectories(tree.resolve("proto/dray"));
        Files.createFile(tree.resolve("proto/pom.xml"));
        Files.createFile(tree.resolve("pom.xml"));
        Files.createDirectory(tree.resolve(".mvn"));
        makeEverythingOld();
    }

    @Test
    void buildsOnceAndStartsTheCommandWithTheFlags() throws Exception {
        Run first = dray("version", "--json");
        Run second = dray("version", "--json");

        Path home = tree.resolve("cli/target/dray");
        assertThat(first.output())
                .contains(BUILDING, "\ndray:   2/8 dray-core 1.0\n", "-DskipTests -pl cli -am package")
                .doesNotContain("compiler:compile");
        assertThat(second.output())
                .doesNotContain("mvn")
                .contains("java @" + home + "/lib/jvm.options -Ddray.home=" + home)
                .contains(" -cp " + home + "/lib/a.jar:" + home + "/lib/b.jar io.dray.cli.Dray version --json")
                .contains("arenas 1 locale C.UTF-8");
    }

    @Test
    void buildsAgainWhenASourceIsNewer() throws Exception {
        dray("version");
        assertThat(dray("version").output()).doesNotContain(BUILDING);

        touch(tree.resolve("core/src/main"), Instant.now().plusSeconds(5));

        assertThat(dray("version").output()).contains(BUILDING);
    }

    @Test
    void benchHasItsOwnJarsAndMain() throws Exception {
        Run run = dray("bench", "quick");

        assertThat(run.output())
                .contains("-pl bench -am package")
                .contains("-cp " + tree.resolve("bench/target/dray/lib/z.jar") + " io.dray.bench.Bench quick");
    }

    @Test
    void worksThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), tree.resolve("dray"));

        assertThat(run(link, Map.of("JAVA_HOME", jdk.toString()), "version").output())
                .contains("io.dray.cli.Dray version");
    }

    @Test
    void saysWhatToInstallWhenThereIsNoJdk() throws Exception {
        Run run = run(
                tree.resolve("dray"), Map.of("JAVA_HOME", folder.resolve("none").toString()), "version");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("dray needs a JDK 25", "Install one");
    }

    @Test
    void passesOverAnotherVersionForTheUsualFolders() throws Exception {
        Path old = folder.resolve("old");
        program(old.resolve("bin/javac"), JAVA);
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Path usual = Files.createDirectories(folder.resolve("root/usr/lib/jvm"));
        Files.createSymbolicLink(usual.resolve("temurin-25-jdk"), jdk);

        Run run = run(tree.resolve("dray"), Map.of("JAVA_HOME", old.toString()), "version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("io.dray.cli.Dray version");
    }

    @Test
    void saysThatMavenIsMissingWhenItMustBuild() throws Exception {
        Files.delete(folder.resolve("bin/mvn"));

        Run run = dray("version");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("needs Maven 3.8.7 or newer");
    }

    @Test
    void failsWhenTheBuildFails() throws Exception {
        program(folder.resolve("bin/mvn"), "#!/bin/bash\nexit 1\n");

        Run run = dray("version");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("the build failed").doesNotContain("java ");
    }

    @Test
    void installedFolderStartsOnItsOwnRuntimeAndItsCache() throws Exception {
        Path home = installed();

        Run without = run(home.resolve("dray"), Map.of(), "version");
        Path cache = home.resolve("aot/key-" + checksum(home.resolve("runtime/release")) + ".aot");
        Files.createDirectories(home.resolve("aot"));
        Files.createFile(cache);
        Run with = run(home.resolve("dray"), Map.of(), "version");

        assertThat(without.output()).contains("io.dray.cli.Dray version").doesNotContain("AOTCache");
        assertThat(with.output()).contains("-XX:AOTCache=" + cache + " -Ddray.aot=" + cache);
    }

    @Test
    void installedFolderCallsNoProgramBeforeJava() throws Exception {
        Path home = installed();
        Files.writeString(home.resolve("runtime/.id"), "17 4\n");
        Path cache =
                Files.createFile(Files.createDirectories(home.resolve("aot")).resolve("key-17.aot"));
        Path shell = folder.resolve("shell");
        for (String name : List.of("bash", "env")) {
            program(shell.resolve(name), "#!/bin/bash\nexec /usr/bin/" + name + " \"$@\"\n");
        }

        Run run = run(home.resolve("dray"), Map.of("PATH", shell.toString()), "version");

        assertThat(run.output())
                .startsWith("java @" + home + "/lib/jvm.options")
                .contains("-XX:AOTCache=" + cache + " ");
    }

    @Test
    void aSidecarHasACacheOfItsOwn() throws Exception {
        Path home = installed();
        Files.writeString(home.resolve("runtime/.id"), "17 4\n");
        Path whole =
                Files.createFile(Files.createDirectories(home.resolve("aot")).resolve("key-17.aot"));
        Path own = Files.createFile(home.resolve("aot/key-17-sidecar.aot"));

        assertThat(run(home.resolve("dray"), Map.of(), "sidecar").output())
                .contains("-XX:AOTCache=" + own + " -Ddray.aot=" + whole);
        assertThat(run(home.resolve("dray"), Map.of(), "router").output()).contains("-XX:AOTCache=" + whole + " ");
    }

    private Path installed() throws IOException {
        Path home = folder.resolve("installed");
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/.hash"), "key\n");
        Files.createFile(home.resolve("lib/a.jar"));
        Files.copy(tree.resolve("dray"), home.resolve("dray"));
        Files.copy(tree.resolve("cli/src/main/launcher/find-jdk"), home.resolve("find-jdk"));
        program(home.resolve("runtime/bin/java"), JAVA);
        Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"25.0.3\"\n");
        return home;
    }

    private Run dray(String... arguments) throws IOException, InterruptedException {
        return run(tree.resolve("dray"), Map.of("JAVA_HOME", jdk.toString()), arguments);
    }

    private Run run(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin") + ":" + systemPrograms());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("DRAY_JDK_ROOT", folder.resolve("root").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), output);
    }

    /** A folder with what the script calls, so that this machine's Maven and JDK are not on its PATH. */
    private Path systemPrograms() throws IOException {
        Path programs = folder.resolve("programs");
        if (Files.isDirectory(programs)) {
            return programs;
        }
        Files.createDirectories(programs);
        List<String> names = List.of(
                "bash", "env", "cat", "cksum", "dirname", "find", "flock", "grep", "mkdir", "readlink", "sed", "touch");
        for (String name : names) {
            program(programs.resolve(name), "#!/bin/bash\nexec /usr/bin/" + name + " \"$@\"\n");
        }
        return programs;
    }

    private String checksum(Path file) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("cksum").redirectInput(file.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output.split(" ", 2)[0];
    }

    private void makeEverythingOld() throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                touch(file, Instant.now().minusSeconds(60));
            }
        }
    }

    private static void touch(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private record Run(int exitCode, String output) {}
}
