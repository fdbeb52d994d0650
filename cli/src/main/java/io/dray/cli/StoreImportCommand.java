package io.dray.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.router.v1.ImportStoreRequest;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.StoreRecord;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray store import}: puts an exported store into that of a router. */
@Command(
        name = "import",
        description = "Put an exported store into that of a router, with ids, tokens, keys, results, questions and"
                + " limits.%nThe router serves nobody meanwhile. Tasks that are there already stay as they are, so the"
                + " same import may be repeated; another task with the same id or idempotency key ends it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray store import tasks.dray --dry-run",
            "  dray store import tasks.dray --router db-router:7400",
            "  gunzip < tasks.dray.gz | dray store import -"
        })
final class StoreImportCommand implements Callable<Integer> {
    private static final int REQUEST_BYTES = 1 << 20;
    private static final int REQUEST_RECORDS = 1_000;

    private final Console console;

    @Parameters(index = "0", paramLabel = "FILE", description = "A file of dray store export; - for standard input.")
    private String file = "";

    @Option(names = "--dry-run", description = "Look for conflicts alone; the router serves on and nothing changes.")
    private boolean dryRun;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    private ImportStoreRequest.Builder request = ImportStoreRequest.newBuilder();
    private int requestBytes;
    private long tasks;
    private long all;

    StoreImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException, StatusException {
        try (InputStream in = new BufferedInputStream(input(), 1 << 16);
                Door door = router.open()) {
            StoreRecord header = next(in);
            if (header == null || !header.hasHeader()) {
                throw unreadable("begins with no header", null);
            }
            all = header.getHeader().getTasks();
            print(send(door.storeCalls(RouterOption.WHOLE_STORE).importStore(), header, in));
            return ExitCode.DONE.number();
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
            throw unreadable("cannot be read: " + reason, e);
        }
    }

    private InputStream input() throws IOException {
        if (file.equals("-")) {
            return console.in();
        }
        try {
            return Files.newInputStream(Path.of(file));
        } catch (InvalidPathException e) {
            throw unreadable("is no file name", e);
        }
    }

    private @Nullable StoreRecord next(InputStream in) throws IOException {
        try {
            return StoreRecord.parseDelimitedFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw unreadable("is no export, or a damaged one: " + e.getMessage(), e);
        }
    }

    private ImportStoreResponse send(
            BlockingClientCall<ImportStoreRequest, ImportStoreResponse> call, StoreRecord header, InputStream in)
            throws IOException, InterruptedException, StatusException {
        ProgressBar bar = new ProgressBar(console);
        request.setCheckOnly(dryRun);
        try {
            for (StoreRecord record = header; record != null; record = next(in)) {
                int bytes = record.getSerializedSize();
                boolean isFull = requestBytes + bytes > REQUEST_BYTES || request.getRecordsCount() == REQUEST_RECORDS;
                if (requestBytes > 0 && isFull) {
                    flush(call);
                    bar.show(dryRun ? "checked" : "imported", tasks, Math.max(all, tasks));
                }
                request.addRecords(record);
                requestBytes += bytes;
                tasks += record.hasTask() ? 1 : 0;
            }
            flush(call);
            call.halfClose();
            ImportStoreResponse response = call.read();
            if (response == null) {
                throw new CommandException(ExitCode.FAILED, "the import ended early (expected: a router that goes on)");
            }
            bar.show(dryRun ? "checked" : "imported", tasks, tasks);
            return response;
        } finally {
            bar.end();
        }
    }

    private void flush(BlockingClientCall<ImportStoreRequest, ImportStoreResponse> call)
            throws InterruptedException, StatusException {
        if (!call.write(request.build())) {
            // The router has ended the call, and reading says why.
            var _ = call.read();
        }
        request = ImportStoreRequest.newBuilder();
        requestBytes = 0;
    }

    private CommandException unreadable(String what, @Nullable Exception cause) {
        String line = (file.equals("-") ? "standard input" : file) + " " + what
                + " (expected: a whole file of dray store export)";
        return cause == null
                ? new CommandException(ExitCode.USAGE, line)
                : new CommandException(ExitCode.USAGE, line, cause);
    }

    private void print(ImportStoreResponse done) {
        if (json.wanted()) {
            Json.print(
                    console.out(),
                    Json.object()
                            .put("dry_run", dryRun)
                            .put("imported", done.getImported())
                            .put("existed", done.getExisted())
                            .put("limits", done.getLimits())
                            .put("cordoned", done.getCordoned()));
            return;
        }
        console.out()
                .printf(
                        Locale.ROOT,
                        "%s %,d tasks, %,d are there already; %,d limits, %,d cordoned nodes%n",
                        dryRun ? "would import" : "imported",
                        done.getImported(),
                        done.getExisted(),
                        done.getLimits(),
                        done.getCordoned());
    }
}
