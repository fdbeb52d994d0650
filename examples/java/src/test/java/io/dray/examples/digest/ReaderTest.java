package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.agent.MessageContext;
import io.dray.types.v1.Code;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderTest {
    private final Answers answers = new Answers();

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "../../pom.xml", "/etc/hostname", ""})
    void nothingIsHandedOutBeforeAFolderIsRead(String file) throws IOException {
        new Reader().part(Message.to("reader").type("part").header("file", file), answers);

        assertThat(answers.replies).isEmpty();
        assertThat(answers.failures).containsExactly(Code.CODE_INVALID_REQUEST);
    }

    @Test
    void aReaderAdvertisesNoCapabilityAndRunsNoTasks() {
        assertThat(new Reader().spec().capabilities()).isEmpty();
        assertThat(new Reader().spec().slots()).isZero();
    }

    private static final class Answers implements MessageContext {
        private final List<Object> replies = new ArrayList<>();
        private final List<Code> failures = new ArrayList<>();

        @Override
        public Mesh mesh() {
            throw new UnsupportedOperationException("no mesh in this test");
        }

        @Override
        public boolean isRequest() {
            return true;
        }

        @Override
        public Optional<Instant> deadline() {
            return Optional.empty();
        }

        @Override
        public int attempt() {
            return 0;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void reply(Object content) {
            replies.add(content);
        }

        @Override
        public void fail(Code code, String message) {
            failures.add(code);
        }
    }
}
