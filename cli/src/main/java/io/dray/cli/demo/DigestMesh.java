package io.dray.cli.demo;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.core.wire.Addresses;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import io.grpc.StatusRuntimeException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The running demo as the command sees it: questions to the router, to the sidecars and, through the unary doors of the
 * sidecars beside them, to reader and indexer. Thread-safe.
 */
final class DigestMesh implements AutoCloseable, Known.Mesh {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int PAGE = 1000;

    private final Door router;
    private final Map<String, Door> sidecars = new LinkedHashMap<>();
    private final Door beforeReader;
    private final Door beforeIndexer;

    private DigestMesh(MeshAddresses addresses, String readerNode, String indexerNode) {
        router = Door.to(addresses.router());
        addresses.sidecars().forEach((node, endpoint) -> sidecars.put(node, Door.to(endpoint)));
        beforeReader = Door.to(addresses.sidecar(readerNode));
        beforeIndexer = Door.to(addresses.sidecar(indexerNode));
    }

    static DigestMesh of(MeshAddresses addresses, String readerNode, String indexerNode) {
        return new DigestMesh(addresses, readerNode, indexerNode);
    }

    /** How many agents the router knows. */
    int agents() {
        return Pages.agents(router.admin(TIMEOUT), ListAgentsRequest.getDefaultInstance())
                .size();
    }

    /** Makes the reader begin; returns the folder as it knows it. */
    String read(Path folder) {
        return ask(beforeReader, "reader", "read", folder.toString());
    }

    /** Makes the reader begin with the files that are not in the indexer's view. */
    void readMissing(Path folder) {
        ask(beforeReader, question("reader", "read", folder.toString()).putHeaders("only", "missing"));
    }

    /**
     * Asks for what was found in a content, from beside the reader: the indexer is at another node, and the sidecar
     * keeps the reply.
     */
    @Override
    public DigestOf digestOf(String sha256) {
        RequestResponse reply = ask(beforeReader, question("indexer", "digest-of", sha256));
        return DigestOf.of(reply.getHeadersMap(), reply.getCached());
    }

    /** Makes all other questions be about these files, which are known by their SHA-256, and those digested from now on. */
    void view(Map<String, String> files) {
        List<String> lines = files.entrySet().stream()
                .map(file -> URLEncoder.encode(file.getKey(), StandardCharsets.UTF_8) + "\t" + file.getValue())
                .toList();
        ask(beforeIndexer, "indexer", "view", "");
        for (int from = 0; from < lines.size(); from += PAGE) {
            List<String> page = lines.subList(from, Math.min(from + PAGE, lines.size()));
            ask(
                    beforeIndexer,
                    question("indexer", "view", String.join("\n", page)).putHeaders("more", "true"));
        }
    }

    /** How far the reader is, by name. */
    Map<String, String> readerStatus() {
        return fields(ask(beforeReader, "reader", "status", ""));
    }

    /** Live and finished tasks by the name of their state. */
    Map<String, Long> taskCounts() {
        return router.admin(TIMEOUT)
                .getStatus(io.dray.router.v1.GetStatusRequest.getDefaultInstance())
                .getTasksMap();
    }

    /** Whether a task has not ended. */
    boolean hasLiveTasks() {
        return !tasks(List.of(
                        TaskState.TASK_STATE_WAITING,
                        TaskState.TASK_STATE_PENDING,
                        TaskState.TASK_STATE_ASSIGNED,
                        TaskState.TASK_STATE_RUNNING,
                        TaskState.TASK_STATE_PARKED))
                .isEmpty();
    }

    /** All tasks of which a worker holds an attempt now. */
    List<Task> tasksAtWork() {
        return tasks(List.of(TaskState.TASK_STATE_ASSIGNED, TaskState.TASK_STATE_RUNNING));
    }

    /** All tasks in these states; without states all tasks. */
    List<Task> tasks(List<TaskState> states) {
        List<Task> tasks = new ArrayList<>();
        ListTasksRequest.Builder request =
                ListTasksRequest.newBuilder().setPageSize(PAGE).addAllStates(states);
        do {
            ListTasksResponse page = router.tasks(TIMEOUT).listTasks(request.build());
            tasks.addAll(page.getTasksList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return tasks;
    }

    /** All entries of the index. */
    List<Ledger.Entry> ledger() {
        return pages("ledger", DigestMesh::entries, Ledger.Entry::file);
    }

    /** The digests of all files, by name. */
    List<FileDigest> digests() {
        return pages("digests", FileDigest::parse, FileDigest::file);
    }

    /** All files that have others like them, by name. */
    List<LikeFile> likeFiles() {
        return pages("duplicates", DigestMesh::likeFiles, LikeFile::file);
    }

    /** Asks the indexer for what follows the last one, until nothing follows. */
    private <T> List<T> pages(String type, Function<String, List<T>> parse, Function<T, String> file) {
        List<T> all = new ArrayList<>();
        List<T> page = parse.apply(ask(beforeIndexer, "indexer", type, ""));
        while (!page.isEmpty()) {
            all.addAll(page);
            page = parse.apply(ask(beforeIndexer, "indexer", type, file.apply(page.getLast())));
        }
        return all;
    }

    /** The terms that tell most and how much, best first. */
    List<Scored> topTerms(int count) {
        return ask(beforeIndexer, "indexer", "top", Integer.toString(count))
                .lines()
                .map(Scored::parse)
                .toList();
    }

    /** The files in which the words tell most, best first. */
    List<String> find(String words) {
        return ask(beforeIndexer, "indexer", "find", words)
                .lines()
                .map(line -> Scored.parse(line).name())
                .toList();
    }

    /** Adds what each sidecar that answers has counted. */
    void tally(StatusTally tally) {
        tell(tally::add);
    }

    /** Makes what each sidecar has counted up to now count no more. */
    void leaveOut(StatusTally tally) {
        tell(tally::leaveOut);
    }

    private void tell(Consumer<GetStatusResponse> tally) {
        for (Door sidecar : sidecars.values()) {
            try {
                tally.accept(sidecar.status(TIMEOUT).getStatus(GetStatusRequest.getDefaultInstance()));
            } catch (StatusRuntimeException _) {
                // killed a moment ago: its last snapshot stays
            }
        }
    }

    @Override
    public void close() {
        sidecars.values().forEach(Door::close);
        beforeReader.close();
        beforeIndexer.close();
        router.close();
    }

    private static List<Ledger.Entry> entries(String text) {
        return text.lines()
                .map(line -> line.split("\t", -1))
                .map(cells -> new Ledger.Entry(
                        decode(cells[0]),
                        cells[1],
                        cells[2],
                        new PlainFile(cells[3], Long.parseLong(cells[4]), Long.parseLong(cells[5])),
                        cells[6]))
                .toList();
    }

    private static List<LikeFile> likeFiles(String text) {
        return text.lines()
                .map(line -> line.split("\t", -1))
                .map(cells -> new LikeFile(decode(cells[0]), decode(cells[1]), Double.parseDouble(cells[2])))
                .toList();
    }

    private static String decode(String file) {
        return URLDecoder.decode(file, StandardCharsets.UTF_8);
    }

    private static String ask(Door door, String agent, String type, String payload) {
        return ask(door, question(agent, type, payload)).getPayload().toStringUtf8();
    }

    private static RequestResponse ask(Door door, RequestRequest.Builder question) {
        return door.agents(TIMEOUT).request(question.build());
    }

    private static RequestRequest.Builder question(String agent, String type, String payload) {
        return RequestRequest.newBuilder()
                .setTo(Addresses.agent(agent))
                .setType(type)
                .setContentType("text/plain")
                .setPayload(ByteString.copyFromUtf8(payload));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        text.lines().forEach(line -> {
            String[] cells = line.split("\t", 2);
            fields.put(cells[0], cells.length > 1 ? cells[1] : "");
        });
        return fields;
    }
}
