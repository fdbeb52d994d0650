package io.dray.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class WatchedOutputTest {
    /** Fails for its own reason each time. */
    private static final class Full extends OutputStream {
        private int failures;

        @Override
        public void write(int b) throws IOException {
            throw new IOException("full " + ++failures);
        }
    }

    @Test
    void whatIsWrittenHasNoFailure() {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (WatchedOutput output = new WatchedOutput(target, UTF_8)) {
            output.println("grüße");

            assertThat(output.failure()).isEmpty();
            assertThat(target.toString(UTF_8)).isEqualTo("grüße\n");
        }
    }

    @Test
    void theFirstFailureStays() {
        try (WatchedOutput output = new WatchedOutput(new Full(), UTF_8)) {
            output.println("one");
            output.println("two");

            assertThat(output.failure())
                    .get()
                    .extracting(IOException::getMessage)
                    .isEqualTo("full 1");
        }
    }
}
