package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    @Test
    void aChildRunsWithTheSameFlagsAndClasses() {
        JavaCommand java = new JavaCommand(
                Path.of("/jdk/bin/java"),
                Optional.of(Path.of("/home/lib/jvm.options")),
                List.of("-Ddray.home=/home"),
                "a.jar:b.jar");

        assertThat(java.line("io.dray.Main", List.of("one", "two words")))
                .containsExactly(
                        "/jdk/bin/java",
                        "@/home/lib/jvm.options",
                        "-Ddray.home=/home",
                        "-cp",
                        "a.jar:b.jar",
                        "io.dray.Main",
                        "one",
                        "two words");
    }

    @Test
    void inASourceTreeTheFlagsAreThoseOfTheLauncher() {
        JavaCommand java = JavaCommand.ofThisProcess();

        assertThat(java.java()).isExecutable();
        assertThat(java.flags()).hasValueSatisfying(file -> assertThat(file).endsWith(Path.of("jvm.options")));
        assertThat(java.classPath()).isNotBlank();
    }
}
