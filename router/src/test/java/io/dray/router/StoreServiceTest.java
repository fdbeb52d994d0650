package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.store.PostgresForTests;
import io.dray.router.store.PostgresStores;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.CheckStoreRequest;
import io.dray.router.v1.CheckStoreResponse;
import io.dray.router.v1.CordonNodeRequest;
import io.dray.router.v1.ExportStoreRequest;
import io.dray.router.v1.GetStoreStatsRequest;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.ImportStoreRequest;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.Question;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.SetLimitRequest;
import io.dray.router.v1.StoreRecord;
import io.dray.router.v1.StoreServiceGrpc;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreServiceTest {
    private static final ByteString LARGE = ByteString.copyFrom(new byte[3_000_000]);

    @TempDir
    private Path folder = Path.of("");

    private final List<RouterInProcess> routers = new ArrayList<>();

    @AfterEach
    void stop() {
        routers.forEach(RouterInProcess::close);
    }

    private RouterInProcess start(String file) throws Exception {
        return started(new RouterInProcess(folder.resolve(file), Map.of()));
    }

    private RouterInProcess started(RouterInProcess router) {
        routers.add(router);
        return router;
    }

    private static TaskServiceGrpc.TaskServiceBlockingStub tasks(RouterInProcess router) {
        return TaskServiceGrpc.newBlockingStub(router.channel());
    }

    private static String submit(RouterInProcess router, TaskSpec.Builder spec) {
        return tasks(router)
                .submitTask(SubmitTaskRequest.newBuilder()
                        .setSpec(spec)
                        .setPrincipal("uid:7")
                        .build())
                .getTask()
                .getTaskId();
    }

    private static TaskSpec.Builder spec(String capability, String key) {
        return TaskSpec.newBuilder()
                .setCapability(capability)
                .setIdempotencyKey(key)
                .setPayload(ByteString.copyFromUtf8("payload of " + key));
    }

    private static Task get(RouterInProcess router, String id) {
        return tasks(router)
                .getTask(GetTaskRequest.newBuilder().setTaskId(id).build())
                .getTask();
    }

    /** A task whose second attempt is far away. */
    private static TaskSpec.Builder failing() {
        Duration hour = Duration.newBuilder().setSeconds(3_600).build();
        return spec("digest", "failed")
                .setRetry(RetryPolicy.newBuilder().setInitialBackoff(hour).setMaxBackoff(hour));
    }

    private static List<StoreRecord> export(RouterInProcess router) {
        List<StoreRecord> records = new ArrayList<>();
        StoreServiceGrpc.newBlockingStub(router.channel())
                .exportStore(ExportStoreRequest.getDefaultInstance())
                .forEachRemaining(frame -> records.addAll(frame.getRecordsList()));
        return records;
    }

    /** Returns all but the header, which names router, store and time. */
    private static List<StoreRecord> body(List<StoreRecord> records) {
        return records.subList(1, records.size());
    }

    /** What an import ended with. */
    private record Imported(
            ImportStoreResponse response, @Nullable Error error) {}

    private static Imported importInto(RouterInProcess router, List<StoreRecord> records, boolean checkOnly) {
        CompletableFuture<Imported> end = new CompletableFuture<>();
        var requests = StoreServiceGrpc.newStub(router.channel()).importStore(new StreamObserver<>() {
            private ImportStoreResponse seen = ImportStoreResponse.getDefaultInstance();

            @Override
            public void onNext(ImportStoreResponse response) {
                seen = response;
            }

            @Override
            public void onError(Throwable failure) {
                end.complete(new Imported(seen, MeshError.from(failure)));
            }

            @Override
            public void onCompleted() {
                end.complete(new Imported(seen, null));
            }
        });
        requests.onNext(ImportStoreRequest.newBuilder().setCheckOnly(checkOnly).build());
        for (StoreRecord record : records) {
            requests.onNext(ImportStoreRequest.newBuilder().addRecords(record).build());
        }
        requests.onCompleted();
        return end.join();
    }

    private static Imported importInto(RouterInProcess router, List<StoreRecord> records) {
        Imported imported = importInto(router, records, false);
        Await.until("the router serves again", () -> isServing(router));
        return imported;
    }

    private static boolean isServing(RouterInProcess router) {
        try {
            var _ = AdminServiceGrpc.newBlockingStub(router.channel())
                    .listLimits(ListLimitsRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    private static Error errorOf(Imported imported) {
        assertThat(imported.error()).isNotNull();
        return imported.error() == null ? Error.getDefaultInstance() : imported.error();
    }

    /** Tasks that were made by hand. */
    private record Filled(String done, String failed, String parked) {}

    /** Fills a router with a task of each kind. */
    private static Filled fill(RouterInProcess router) {
        var admin = AdminServiceGrpc.newBlockingStub(router.channel());
        PlayedSidecar sidecar = new PlayedSidecar(router.channel()).say(PlayedSidecar.hello("n"));
        String done = submit(router, spec("digest", "done").setPayload(LARGE));
        var first = sidecar.assignment(0).getAttempt();
        sidecar.say(AttemptEvent.newBuilder().setAttempt(first).setStarted(true));
        sidecar.say(AttemptEvent.newBuilder().setAttempt(first).setSucceeded(LARGE));
        String failed = submit(router, failing());
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(sidecar.assignment(1).getAttempt())
                .setFailed(MeshError.of(Code.CODE_HANDLER_FAILED, "boom")));
        String parked = submit(router, spec("digest", "parked"));
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(sidecar.assignment(2).getAttempt())
                .setParked(Question.newBuilder().setNumber(1).setQuestion(ByteString.copyFromUtf8("may I?"))));
        submit(
                router,
                spec("translate", "pending").setResultTtl(Duration.newBuilder().setSeconds(60)));
        String gone = submit(router, spec("translate", "gone"));
        var _ = tasks(router)
                .cancelTask(CancelTaskRequest.newBuilder().setTaskId(gone).build());
        var _ = admin.setLimit(SetLimitRequest.newBuilder()
                .setLimit(
                        Limit.newBuilder().setQueue("nightly").setMaxRunning(3).setRatePerS(0.5))
                .build());
        var _ = admin.cordonNode(
                CordonNodeRequest.newBuilder().setNode("n").setCordoned(true).build());
        Await.until("the parked task", () -> get(router, parked).getState() == TaskState.TASK_STATE_PARKED);
        Await.until("the result", () -> get(router, done).getState() == TaskState.TASK_STATE_SUCCEEDED);
        return new Filled(done, failed, parked);
    }

    private void keepsEverything(RouterInProcess into) throws Exception {
        RouterInProcess from = start("from.db");
        Filled ids = fill(from);
        List<StoreRecord> records = export(from);

        Imported imported = importInto(into, records);

        assertThat(imported.error()).isNull();
        assertThat(imported.response())
                .isEqualTo(ImportStoreResponse.newBuilder()
                        .setImported(5)
                        .setLimits(1)
                        .setCordoned(1)
                        .build());
        assertThat(body(export(into))).isEqualTo(body(records));
        assertThat(get(into, ids.done()).getResult()).isEqualTo(LARGE);
        assertThat(get(into, ids.parked()).getQuestion().toStringUtf8()).isEqualTo("may I?");
        assertThat(get(into, ids.parked()).getToken())
                .isEqualTo(get(from, ids.parked()).getToken());
        assertThat(submit(into, spec("digest", "done").setPayload(LARGE))).isEqualTo(ids.done());
        assertThat(submit(into, failing())).isEqualTo(ids.failed());
        assertThat(AdminServiceGrpc.newBlockingStub(into.channel())
                        .listLimits(ListLimitsRequest.getDefaultInstance())
                        .getLimitsList())
                .anySatisfy(limit -> assertThat(limit.getMaxRunning()).isEqualTo(3));

        Imported again = importInto(into, records);
        assertThat(again.response().getExisted()).isEqualTo(5);
        assertThat(again.response().getImported()).isZero();
    }

    @Test
    void anotherFileTakesAllThatWasExported() throws Exception {
        keepsEverything(start("into.db"));
    }

    @Test
    void aPostgresTakesAllThatWasExportedOfAFile() throws Exception {
        keepsEverything(started(new RouterInProcess(PostgresStores.open(new PostgresForTests()), Map.of())));
    }

    @Test
    void anExportHasEachTaskOnceThoughTheRouterWorksOn() throws Exception {
        RouterInProcess router = start("router.db");
        List<TaskSpec> many = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            many.add(spec("digest", "k" + i)
                    .setPayload(ByteString.copyFrom(new byte[3_000]))
                    .build());
        }
        List<String> ids = tasks(router)
                .submitTasks(SubmitTasksRequest.newBuilder().addAllSpecs(many).build())
                .getSubmittedList()
                .stream()
                .map(submitted -> submitted.getTask().getTaskId())
                .toList();

        var frames =
                StoreServiceGrpc.newBlockingStub(router.channel()).exportStore(ExportStoreRequest.getDefaultInstance());
        List<StoreRecord> records = new ArrayList<>(frames.next().getRecordsList());
        // They end while the export is on its way: live tasks become finished ones.
        for (int i = 0; i < ids.size(); i += 30) {
            var _ = tasks(router)
                    .cancelTask(
                            CancelTaskRequest.newBuilder().setTaskId(ids.get(i)).build());
        }
        submit(router, spec("digest", "late"));
        frames.forEachRemaining(frame -> records.addAll(frame.getRecordsList()));

        assertThat(records.stream()
                        .filter(StoreRecord::hasTask)
                        .map(record -> String.format("%016x", record.getTask().getId())))
                .containsExactlyElementsOf(ids);
        assertThat(records.getFirst().getHeader().getMagic()).isEqualTo("dray-store");
        assertThat(records.getLast().getEnd().getTasks()).isEqualTo(900);
    }

    @Test
    void aConflictIsNamedAndTheRouterServesOn() throws Exception {
        RouterInProcess from = start("from.db");
        String theirs = submit(from, spec("digest", "k"));
        RouterInProcess into = start("into.db");
        String ours = submit(into, spec("index", "k"));

        Error error = errorOf(importInto(into, export(from)));

        assertThat(error.getCode()).isEqualTo(Code.CODE_KEY_CONFLICT);
        assertThat(error.getMessage()).contains(theirs, ours);
        assertThat(error.getValue()).isEqualTo("k");
        assertThat(get(into, ours).getState()).isEqualTo(TaskState.TASK_STATE_PENDING);
        assertThat(submit(into, spec("index", "other"))).isNotEmpty();
    }

    @Test
    void anotherTaskWithTheSameIdIsNamed() throws Exception {
        RouterInProcess from = start("from.db");
        String id = submit(from, spec("digest", "k"));
        RouterInProcess into = start("into.db");
        List<StoreRecord> records = export(from);
        assertThat(importInto(into, records).error()).isNull();
        List<StoreRecord> changed = records.stream()
                .map(record -> record.hasTask()
                        ? record.toBuilder()
                                .setTask(record.getTask().toBuilder().setTenant("other"))
                                .build()
                        : record)
                .toList();

        Error error = errorOf(importInto(into, changed));

        assertThat(error.getCode()).isEqualTo(Code.CODE_KEY_CONFLICT);
        assertThat(error.getValue()).isEqualTo(id);
    }

    @Test
    void aCheckBeforeAnImportChangesNothing() throws Exception {
        RouterInProcess from = start("from.db");
        submit(from, spec("digest", "k"));
        RouterInProcess into = start("into.db");

        Imported checked = importInto(into, export(from), true);

        assertThat(checked.response().getImported()).isEqualTo(1);
        assertThat(export(into)).noneMatch(StoreRecord::hasTask);
    }

    @Test
    void whatIsNoWholeExportIsRefused() throws Exception {
        RouterInProcess from = start("from.db");
        submit(from, spec("digest", "k"));
        submit(from, spec("digest", "l").setPayload(LARGE));
        List<StoreRecord> records = export(from);
        RouterInProcess into = start("into.db");

        assertThat(errorOf(importInto(into, records.subList(0, records.size() - 1)))
                        .getMessage())
                .contains("the end is missing");
        assertThat(errorOf(importInto(into, body(records))).getMessage()).contains("out of order");
        assertThat(errorOf(importInto(into, List.of())).getMessage()).contains("the end is missing");
        StoreRecord newer = records.getFirst().toBuilder()
                .setHeader(records.getFirst().getHeader().toBuilder().setFormat(2))
                .build();
        assertThat(errorOf(importInto(into, List.of(newer))).getMessage()).contains("another format");
        List<StoreRecord> withoutPart = new ArrayList<>(records);
        withoutPart.remove(records.size() - 2);
        assertThat(errorOf(importInto(into, withoutPart)).getMessage()).contains("END is out of order");
    }

    private static List<String> check(RouterInProcess router) {
        List<CheckStoreResponse> responses = new ArrayList<>();
        StoreServiceGrpc.newBlockingStub(router.channel())
                .checkStore(CheckStoreRequest.getDefaultInstance())
                .forEachRemaining(responses::add);
        assertThat(responses.getLast().getDone()).isTrue();
        return responses.stream()
                .flatMap(response -> response.getFaultsList().stream())
                .collect(Collectors.toList());
    }

    @Test
    void aSoundStoreHasNoFault() throws Exception {
        RouterInProcess router = start("router.db");
        fill(router);

        assertThat(check(router)).isEmpty();
    }

    @Test
    void aPostgresWithoutFaultIsToldSo() throws Exception {
        RouterInProcess router = started(new RouterInProcess(PostgresStores.open(new PostgresForTests()), Map.of()));
        fill(router);

        assertThat(check(router)).isEmpty();
        var stats = StoreServiceGrpc.newBlockingStub(router.channel())
                .getStoreStats(GetStoreStatsRequest.getDefaultInstance());
        assertThat(stats.getKind()).isEqualTo("postgresql");
        assertThat(stats.getPartsList())
                .anyMatch(part -> part.getName().equals("task") && part.getBytes() > 0)
                .anyMatch(part -> part.getName().matches("finished_[0-9]{8}"));
    }

    @Test
    void eachFaultOfAStoreIsTold() throws Exception {
        RouterInProcess before = start("router.db");
        List<String> ids = new ArrayList<>();
        for (String key : List.of("a", "b", "c", "d")) {
            ids.add(submit(before, spec("digest", key)));
        }
        ids.forEach(id -> {
            var _ = tasks(before)
                    .cancelTask(CancelTaskRequest.newBuilder().setTaskId(id).build());
        });
        routers.remove(before);
        before.close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("router.db"));
                Statement statement = raw.createStatement()) {
            statement.execute("DELETE FROM finished WHERE id = " + number(ids.get(0)));
            statement.execute("DELETE FROM task WHERE id = " + number(ids.get(1)));
            statement.execute("UPDATE task SET spec = x'ff' WHERE id = " + number(ids.get(2)));
        }

        assertThat(check(start("router.db")))
                .anySatisfy(fault -> assertThat(fault).contains(ids.get(0), "neither live nor finished"))
                .anySatisfy(fault -> assertThat(fault).contains(ids.get(1), "what was submitted is gone"))
                .anySatisfy(fault -> assertThat(fault).contains(ids.get(2), "cannot be read"))
                .hasSize(3);
    }

    private static long number(String id) {
        return Long.parseLong(id, 16);
    }

    @Test
    void statsTellWhatIsThere() throws Exception {
        RouterInProcess router = start("router.db");
        fill(router);

        var stats = StoreServiceGrpc.newBlockingStub(router.channel())
                .getStoreStats(GetStoreStatsRequest.getDefaultInstance());

        assertThat(stats.getKind()).isEqualTo("sqlite");
        assertThat(stats.getPlace()).endsWith("router.db");
        assertThat(stats.getOwner()).isEqualTo("r");
        assertThat(stats.getEpoch()).isEqualTo(1);
        assertThat(stats.getTasksMap()).containsEntry("SUCCEEDED", 1L).containsEntry("PENDING", 1L);
        assertThat(stats.getPartsList()).hasSize(2).allMatch(part -> part.getBytes() > 0);
        assertThat(stats.getBytes()).isGreaterThan(2L * LARGE.size());
        assertThat(stats.hasOldestLive()).isTrue();
        assertThat(stats.hasOldestFinished()).isTrue();
        assertThat(stats.getRetention().getSeconds()).isEqualTo(7 * 86_400);
    }
}
