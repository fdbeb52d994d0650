package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.CheckStoreRequest;
import io.dray.router.v1.CheckStoreResponse;
import io.dray.router.v1.ExportStoreRequest;
import io.dray.router.v1.ExportStoreResponse;
import io.dray.router.v1.GetStoreStatsRequest;
import io.dray.router.v1.GetStoreStatsResponse;
import io.dray.router.v1.ImportStoreRequest;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.StoreEnd;
import io.dray.router.v1.StoreHeader;
import io.dray.router.v1.StorePart;
import io.dray.router.v1.StoreRecord;
import io.dray.router.v1.StoreServiceGrpc;
import io.dray.router.v1.TaskRecord;
import io.dray.types.v1.Code;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandsTest {
    private static final StoreRecord HEADER = StoreRecord.newBuilder()
            .setHeader(
                    StoreHeader.newBuilder().setMagic("dray-store").setFormat(1).setTasks(2))
            .build();
    private static final StoreRecord END =
            StoreRecord.newBuilder().setEnd(StoreEnd.newBuilder().setTasks(2)).build();

    @TempDir
    private Path folder = Path.of("");

    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "store-door");
    private final PlayedStore store = new PlayedStore();
    private Server router;

    @BeforeEach
    void start() throws IOException {
        router = LoopbackServer.start(loops, store);
    }

    @AfterEach
    void stop() {
        router.shutdownNow();
        loops.close();
    }

    private Outcome run(String... words) {
        List<String> all = new ArrayList<>(List.of("store"));
        all.addAll(List.of(words));
        all.addAll(List.of("--router", "127.0.0.1:" + router.getPort()));
        return Outcome.of(all.toArray(String[]::new));
    }

    private static StoreRecord task(long id) {
        return StoreRecord.newBuilder()
                .setTask(TaskRecord.newBuilder().setId(id))
                .build();
    }

    private Path file() {
        return folder.resolve("tasks.dray");
    }

    @Test
    void whatWasExportedIsImportedRecordByRecord() throws Exception {
        Files.writeString(file(), "what was there before");

        Outcome exported = run("export", file().toString());
        Outcome imported = run("import", file().toString());

        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(exported.out()).startsWith("2 tasks, ");
        assertThat(exported.err()).contains("exported 2/2");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).startsWith("imported 2 tasks, 0 are there already");
        assertThat(store.imported).containsExactly(HEADER, task(1), task(2), END);
        assertThat(store.checkOnly).isFalse();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aDryRunSaysSo() {
        run("export", file().toString());

        Outcome checked = run("import", file().toString(), "--dry-run", "--json");

        assertThat(checked.out()).contains("\"dry_run\" : true", "\"imported\" : 2");
        assertThat(store.checkOnly).isTrue();
    }

    @Test
    void anExportThatBreaksOffLeavesTheFileAsItWas() throws Exception {
        Files.writeString(file(), "what was there before");
        store.breaksOff = true;

        Outcome outcome = run("export", file().toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("STORE_FAILED: gone");
        assertThat(Files.readString(file())).isEqualTo("what was there before");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aConflictIsRefusedInOneLine() {
        run("export", file().toString());
        store.conflict = true;

        Outcome outcome = run("import", file().toString());

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("KEY_CONFLICT: The key belongs to task 7");
    }

    @Test
    void whatIsNoExportIsWrongUsage() throws Exception {
        Files.writeString(file(), "this is no export at all, but a text of some length");
        Outcome text = run("import", file().toString());
        assertThat(text.exitCode()).isEqualTo(2);
        assertThat(text.err()).contains(file().toString(), "expected: a whole file of dray store export");

        Files.write(file(), new byte[0]);
        assertThat(run("import", file().toString()).err()).contains("begins with no header");

        Outcome missing = run("import", folder.resolve("nowhere").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no such file");
        assertThat(store.imported).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Outcome outcome = run("export", folder.resolve("no/where.dray").toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("its folder does not exist");
    }

    @Test
    void faultsEndWithOneAndNoneWithZero() {
        Outcome sound = run("check");
        assertThat(sound.exitCode()).isZero();
        assertThat(sound.out()).isEqualTo("no fault, 2 tasks read\n");

        store.faults.add("task 7 is live and finished at once");
        Outcome broken = run("check");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.out().lines())
                .containsExactly("task 7 is live and finished at once", "1 fault, 2 tasks read");
        assertThat(run("check", "--json").out()).contains("\"faults\" : [ \"task 7 is live");
    }

    @Test
    void statsAreATableOrJson() {
        assertThat(run("stats").out())
                .contains("store   sqlite router.db, schema 5", "owner   r, epoch 3")
                .contains("kept    finished tasks for 7d", "oldest  live none, finished none")
                .containsPattern("PENDING +1,234")
                .containsPattern("router.db +2 KB");
        assertThat(run("stats", "--json").out())
                .contains("\"epoch\" : 3", "\"retention_s\" : 604800.0", "\"PENDING\" : 1234");
    }

    /** Has two tasks. */
    private static final class PlayedStore extends StoreServiceGrpc.StoreServiceImplBase {
        private final List<StoreRecord> imported = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private boolean checkOnly;
        private boolean breaksOff;
        private boolean conflict;

        @Override
        public void getStoreStats(GetStoreStatsRequest request, StreamObserver<GetStoreStatsResponse> responses) {
            responses.onNext(GetStoreStatsResponse.newBuilder()
                    .setKind("sqlite")
                    .setPlace("router.db")
                    .setSchema(5)
                    .setOwner("r")
                    .setEpoch(3)
                    .putTasks("PENDING", 1_234)
                    .setRetention(com.google.protobuf.Duration.newBuilder().setSeconds(604_800))
                    .addParts(StorePart.newBuilder().setName("router.db").setBytes(2_000))
                    .setBytes(2_000)
                    .build());
            responses.onCompleted();
        }

        @Override
        public void checkStore(CheckStoreRequest request, StreamObserver<CheckStoreResponse> responses) {
            responses.onNext(CheckStoreResponse.newBuilder()
                    .setTasks(1)
                    .setAllTasks(2)
                    .addAllFaults(faults)
                    .build());
            responses.onNext(CheckStoreResponse.newBuilder()
                    .setTasks(2)
                    .setAllTasks(2)
                    .setDone(true)
                    .build());
            responses.onCompleted();
        }

        @Override
        public void exportStore(ExportStoreRequest request, StreamObserver<ExportStoreResponse> responses) {
            responses.onNext(ExportStoreResponse.newBuilder()
                    .addRecords(HEADER)
                    .addRecords(task(1))
                    .build());
            if (breaksOff) {
                responses.onError(MeshError.toStatus(MeshError.of(Code.CODE_STORE_FAILED, "gone")));
                return;
            }
            responses.onNext(ExportStoreResponse.newBuilder()
                    .addRecords(task(2))
                    .addRecords(END)
                    .build());
            responses.onCompleted();
        }

        @Override
        public StreamObserver<ImportStoreRequest> importStore(StreamObserver<ImportStoreResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ImportStoreRequest request) {
                    imported.addAll(request.getRecordsList());
                    checkOnly |= request.getCheckOnly();
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    if (conflict) {
                        responses.onError(
                                MeshError.toStatus(MeshError.of(Code.CODE_KEY_CONFLICT, "The key belongs to task 7.")));
                        return;
                    }
                    responses.onNext(
                            ImportStoreResponse.newBuilder().setImported(2).build());
                    responses.onCompleted();
                }
            };
        }
    }
}
