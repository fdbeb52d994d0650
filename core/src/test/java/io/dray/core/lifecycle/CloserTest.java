package io.dray.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
    private final Closer closer = new Closer();
    private final List<String> closed = new ArrayList<>();

    @Test
    void closesTheLastFirstAndOnlyOnce() throws IOException {
        closer.register(() -> closed.add("first"));
        closer.register(() -> closed.add("second"));

        closer.close();
        closer.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void closesAllEvenIfSomeFail() {
        closer.register(() -> closed.add("first"));
        closer.register(() -> {
            throw new IOException("second");
        });
        closer.register(() -> {
            throw new IllegalStateException("third");
        });

        Throwable failure = catchThrowable(closer::close);

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("third");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(suppressed -> assertThat(suppressed).isInstanceOf(IOException.class));
        assertThat(closed).containsExactly("first");
    }

    @Test
    void closesAtOnceWhatComesTooLate() throws IOException {
        closer.close();

        assertThatThrownBy(() -> closer.register(() -> closed.add("late"))).isInstanceOf(IllegalStateException.class);

        assertThat(closed).containsExactly("late");
    }
}
