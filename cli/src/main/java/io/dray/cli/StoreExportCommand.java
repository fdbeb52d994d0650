package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.router.v1.ExportStoreRequest;
import io.dray.router.v1.ExportStoreResponse;
import io.dray.router.v1.StoreRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray store export}: all of a store in one file. */
@Command(
        name = "export",
        description = "Write all live and finished tasks, limits and cordoned nodes to a file, while the router works"
                + " on.%nEach task that was submitted before is in it once and whole, as it was committed when its turn"
                + " came. The file appears when it is whole.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray store export tasks.dray",
            "  dray store export - | gzip > tasks.dray.gz",
            "",
            "The file is a row of StoreRecord messages (store_record.proto), each after its",
            "length as a varint: header, limits, cordoned nodes, tasks by id, end."
        })
final class StoreExportCommand implements Runnable {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "What is there already is replaced; - for standard output.")
    private String file = "";

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    private long tasks;
    private long bytes;

    StoreExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (file.equals("-")) {
            if (json.wanted()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "--json and - are given (expected: one of them, both write to standard output)");
            }
            exportTo(console.out());
            return;
        }
        Path target = path();
        try {
            exportInto(target);
        } catch (IOException e) {
            String reason =
                    e instanceof NoSuchFileException ? "its folder does not exist" : String.valueOf(e.getMessage());
            throw new CommandException(
                    ExitCode.FAILED,
                    target + " cannot be written: " + reason + " (expected: a file in a folder with room)",
                    e);
        }
        print(target);
    }

    private Path path() {
        try {
            return Path.of(file).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new CommandException(ExitCode.USAGE, "'" + file + "' is no file name (expected: FILE or -)", e);
        }
    }

    /** Under a name of its own beside the target first, so that whoever sees the target sees all of it. */
    private void exportInto(Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName()
                + ".%08x.part".formatted(ThreadLocalRandom.current().nextInt()));
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                exportTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void exportTo(OutputStream out) {
        ProgressBar bar = new ProgressBar(console);
        boolean isWhole = false;
        long all = 0;
        try (Door door = router.open()) {
            Iterator<ExportStoreResponse> frames =
                    door.store(RouterOption.WHOLE_STORE).exportStore(ExportStoreRequest.getDefaultInstance());
            while (frames.hasNext()) {
                for (StoreRecord record : frames.next().getRecordsList()) {
                    record.writeDelimitedTo(out);
                    bytes += record.getSerializedSize();
                    tasks += record.hasTask() ? 1 : 0;
                    isWhole = record.hasEnd();
                    all = record.hasHeader() ? record.getHeader().getTasks() : all;
                }
                bar.show("exported", tasks, Math.max(all, tasks));
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, file + " cannot be written: " + e.getMessage() + " (expected: room)", e);
        } finally {
            bar.end();
        }
        if (!isWhole) {
            throw new CommandException(ExitCode.FAILED, "the export ended early (expected: a router that goes on)");
        }
    }

    private void print(Path target) {
        if (json.wanted()) {
            Json.print(
                    console.out(),
                    Json.object()
                            .put("file", target.toString())
                            .put("tasks", tasks)
                            .put("bytes", bytes));
            return;
        }
        console.out().printf(Locale.ROOT, "%,d tasks, %,d KB in %s%n", tasks, (bytes + 1_023) / 1_024, target);
    }
}
