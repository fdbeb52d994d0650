package io.dray.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream for text that remembers why it could not be written, where others swallow it. Thread-safe. */
public final class WatchedOutput extends PrintStream {
    private final Watch watch;

    /** Prints to a stream that it owns, line by line. */
    public WatchedOutput(OutputStream target, Charset charset) {
        this(new Watch(target), charset);
    }

    private WatchedOutput(Watch watch, Charset charset) {
        super(watch, true, charset);
        this.watch = watch;
    }

    /** Why something of what was printed up to now was lost. */
    public Optional<IOException> failure() {
        flush();
        return Optional.ofNullable(watch.failure);
    }

    private static final class Watch extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Watch(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int b) throws IOException {
            try {
                out.write(b);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        private IOException remembered(IOException e) {
            if (failure == null) {
                failure = e;
            }
            return e;
        }
    }
}
