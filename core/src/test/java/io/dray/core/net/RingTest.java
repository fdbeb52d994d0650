package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int CAPACITY = 4_096;

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private RingMemory here;
    private RingMemory there;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void map() throws IOException {
        file = folder.resolve("ring");
        here = RingMemory.create(file, CAPACITY);
        there = RingMemory.open(file, CAPACITY);
        writer = new RingWriter(here);
        reader = new RingReader(there);
    }

    @AfterEach
    void unmap() {
        here.close();
        there.close();
    }

    @Test
    void framesOfEverySizeComeWholeAndInOrderAndNoWriterWaitsForNothing() {
        long seed = new Random().nextLong();
        System.out.println("RingTest seed " + seed);
        var random = new Random(seed);
        Deque<byte[]> unread = new ArrayDeque<>();
        boolean waits = false;
        for (int step = 0; step < 200_000; step++) {
            if (random.nextBoolean()) {
                if (writer.hasRoom()) {
                    byte[] frame = new byte[1 + random.nextInt(CAPACITY / 4)];
                    random.nextBytes(frame);
                    writer.write(frame, 0, frame.length);
                    unread.add(frame);
                } else {
                    waits = true;
                }
            } else if (!unread.isEmpty()) {
                byte[] expected = unread.remove();
                byte[] frame = new byte[expected.length];
                boolean told = reader.read(frame, frame.length);
                assertThat(frame).isEqualTo(expected);
                waits &= !told;
                int bytes = unread.stream().mapToInt(each -> each.length).sum();
                assertThat(waits && bytes <= CAPACITY / 2)
                        .as("at step %d the writer still waits with %d bytes unread", step, bytes)
                        .isFalse();
            }
        }
    }

    @Test
    void aFullRingTakesNothingUntilHalfOfItIsRead() {
        byte[] quarter = new byte[CAPACITY / 4];
        for (int i = 0; i < 3; i++) {
            assertThat(writer.hasRoom()).isTrue();
            writer.write(quarter, 0, quarter.length);
        }
        writer.write(new byte[1], 0, 1);

        assertThat(writer.hasRoom()).isFalse();
        assertThat(reader.read(quarter, quarter.length)).isFalse();
        assertThat(reader.read(quarter, quarter.length)).isTrue();
        assertThat(writer.hasRoom()).isTrue();
        assertThat(reader.read(quarter, quarter.length)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1 - CAPACITY, Long.MAX_VALUE, Long.MIN_VALUE})
    void aReaderThatHasReadWhatWasNotWrittenIsRefused(long count) throws IOException {
        try (FileChannel raw = FileChannel.open(file, StandardOpenOption.WRITE)) {
            raw.write(ByteBuffer.allocate(8).putLong(Long.reverseBytes(count)).flip(), 0);
        }

        assertThatThrownBy(writer::hasRoom)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected: 0 to " + CAPACITY);
    }

    @Test
    void onlyItsUserMayOpenTheFile() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatExistsIsNotUsed() throws IOException {
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> RingMemory.create(file, CAPACITY)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void whatIsNoRingIsNotOpened() throws IOException {
        Path small = Files.write(folder.resolve("small"), new byte[CAPACITY]);

        assertThatThrownBy(() -> RingMemory.open(folder.resolve("nothing"), CAPACITY))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> RingMemory.open(small, CAPACITY)).hasMessageContaining("4096 bytes (expected: 4096 +");
        assertThatThrownBy(() -> RingMemory.open(file, CAPACITY - 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> RingMemory.open(file, 0)).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsMappedStaysWhenItsNameIsGone() throws IOException {
        Files.delete(file);
        byte[] frame = {1, 2, 3};
        writer.write(frame, 0, frame.length);
        byte[] read = new byte[3];

        assertThat(reader.read(read, 3)).isFalse();
        assertThat(Arrays.equals(read, frame)).isTrue();
    }

    /** The JVM turns the fault into an error; a process that ended here would end the test. */
    @Test
    void aFileThatIsCutShortIsAnErrorAndNotTheEndOfTheProcess() throws IOException {
        byte[] frame = new byte[CAPACITY / 4];
        for (int i = 0; i < 100_000; i++) {
            assertThat(writer.hasRoom()).isTrue();
            writer.write(frame, 0, frame.length);
            assertThat(reader.read(frame, frame.length)).isFalse();
        }
        try (FileChannel raw = FileChannel.open(file, StandardOpenOption.WRITE)) {
            raw.truncate(0);
        }

        assertThatThrownBy(() -> reader.read(frame, frame.length)).isInstanceOf(InternalError.class);
        assertThatThrownBy(() -> writer.write(frame, 0, frame.length)).isInstanceOf(InternalError.class);
        assertThatThrownBy(writer::hasRoom).isInstanceOf(InternalError.class);
    }
}
