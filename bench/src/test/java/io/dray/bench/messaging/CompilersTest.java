package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dray.bench.mesh.ThreadTime;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilersTest {
    @TempDir
    Path folder;

    @Test
    void seeTheCompilersOfAProcessAtWork() throws Exception {
        long self = ProcessHandle.current().pid();
        // Without the kernel's times of threads (no Linux) there is nothing that could be read.
        assumeTrue(!ThreadTime.of(self).isEmpty(), "the kernel counts no time of threads");
        Compilers compilers = new Compilers(List.of(self));

        // A compiler of Java is much code that nobody called before.
        Path source = Files.writeString(folder.resolve("One.java"), "class One { int one() { return 1; } }");
        var output = new ByteArrayOutputStream();
        ToolProvider.getSystemJavaCompiler().run(null, output, output, source.toString());

        assertThat(compilers.coresSinceLast()).isPositive();
    }

    @Test
    void seeNothingInAProcessThatIsGone() {
        assertThat(new Compilers(List.of(Long.MAX_VALUE)).coresSinceLast()).isZero();
    }

    @Test
    void areThreadsOfTheJvmWithTheirNamesCutByTheKernel() {
        assertThat(new ThreadTime("C2 CompilerThre", 1, 1, 1).isCompiler()).isTrue();
        assertThat(new ThreadTime("C1 CompilerThre", 1, 1, 1).isCompiler()).isTrue();
        assertThat(new ThreadTime("sidecar-loop-1-", 1, 1, 1).isCompiler()).isFalse();
    }
}
