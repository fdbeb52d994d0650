package io.dray.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aPersonSeesOneLineThatIsRedrawn() {
        ProgressBar bar = bar(true);

        bar.show("digesting", 10, 20);
        bar.show("digesting", 20, 20);
        bar.end();

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\rdigesting  [" + "#".repeat(20) + ".".repeat(20) + "] 10/20")
                .endsWith("] 20/20\n");
    }

    @Test
    void aLogGetsPlainLinesAndNotTooMany() {
        ProgressBar bar = bar(false);

        for (int done = 1; done <= 100; done++) {
            bar.show("digesting", done, 100);
        }
        bar.note("killed");

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("digesting 1/100", "digesting 100/100", "killed");
    }

    private ProgressBar bar(boolean interactive) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ProgressBar(new Console(stream, stream, InputStream.nullInputStream(), interactive));
    }
}
