package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WithParentTest {
    @Test
    void aClosedPipeMeansThatTheParentIsGone() {
        assertThat(WithParent.isDetached(InputStream.nullInputStream())).isFalse();
    }

    @Test
    void aBrokenPipeMeansTheSame() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close();

        assertThat(WithParent.isDetached(broken)).isFalse();
    }

    @Test
    void aParentMayLetGo() {
        InputStream pipe = new ByteArrayInputStream(WithParent.DETACH.getBytes(StandardCharsets.US_ASCII));

        assertThat(WithParent.isDetached(pipe)).isTrue();
    }
}
