package io.dray.bench.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of db-scheduler in one process, as an application has it inside: 20 threads do them by lock-and-fetch with the
 * values that its manual names for many short tasks, others submit them, one by one or in batches. A task has ended when
 * its row is gone.
 */
final class DbSchedulerSystem implements TaskSystem {
    private static final int THREADS = 20;
    private static final int BATCH_SUBMITTERS = 4;
    private static final int BATCH_TASKS = 512;
    /** What its own threads need beside those that work and submit. */
    private static final int SPARE_CONNECTIONS = 3;

    private static final double LOWER_LIMIT = 1;
    private static final double UPPER_LIMIT = 4;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private static final String TABLE = """
        CREATE TABLE IF NOT EXISTS scheduled_tasks (
          task_name text NOT NULL,
          task_instance text NOT NULL,
          task_data bytea,
          execution_time timestamptz NOT NULL,
          picked boolean NOT NULL,
          picked_by text,
          last_success timestamptz,
          last_failure timestamptz,
          consecutive_failures int,
          last_heartbeat timestamptz,
          version bigint NOT NULL,
          priority smallint,
          PRIMARY KEY (task_name, task_instance)
        );
        CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time);
        CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
        """;

    private final OneTimeTask<byte[]> task;
    private final Scheduler scheduler;
    private final ExecutorService submitters;
    private final Gather<Submission> submissions;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong live = new AtomicLong();
    private final Map<String, Consumer<@Nullable Throwable>> ends = new ConcurrentHashMap<>();

    private record Submission(TaskInstance<?> instance, Consumer<@Nullable Throwable> accepted) {}

    private DbSchedulerSystem(DataSource database, boolean batches) {
        int callers = batches ? BATCH_SUBMITTERS : THREADS;
        task = Tasks.oneTime("bench", byte[].class).execute((_, _) -> {});
        scheduler = Scheduler.create(database, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
                .pollingInterval(POLL)
                .enableImmediateExecution()
                .addSchedulerListener(new Ends())
                .build();
        submitters = Executors.newFixedThreadPool(callers);
        submissions = new Gather<>(
                callers, batches ? BATCH_TASKS : 1, (batch, done) -> submitters.execute(() -> schedule(batch, done)));
    }

    /** Makes the table and starts to work. */
    static DbSchedulerSystem start(String url, boolean batches) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2 * THREADS + SPARE_CONNECTIONS);
        HikariDataSource database = new HikariDataSource(config);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + Postgres.schema(url));
            statement.execute(TABLE);
        }
        DbSchedulerSystem system = new DbSchedulerSystem(database, batches);
        system.scheduler.start();
        return system;
    }

    @Override
    public void prepare() {
        // It works from its start on.
    }

    @Override
    public void submit(byte[] payload, Consumer<@Nullable Throwable> accepted) {
        live.incrementAndGet();
        submissions.add(new Submission(instance(payload), failure -> {
            if (failure != null) {
                live.decrementAndGet();
            }
            accepted.accept(failure);
        }));
    }

    @Override
    public void complete(byte[] payload, Consumer<@Nullable Throwable> ended) {
        TaskInstance<byte[]> instance = instance(payload);
        ends.put(instance.getId(), ended);
        live.incrementAndGet();
        submissions.add(new Submission(instance, failure -> {
            if (failure != null) {
                end(instance.getId(), failure);
            }
        }));
    }

    @Override
    public void settle() throws InterruptedException {
        if (!Patience.until(SETTLING, () -> live.get() <= 0)) {
            throw new IllegalStateException(live.get() + " tasks are left after " + SETTLING);
        }
    }

    private TaskInstance<byte[]> instance(byte[] payload) {
        return task.instance(Long.toString(numbers.incrementAndGet()), payload);
    }

    private void schedule(List<Submission> batch, Runnable done) {
        Throwable failure = null;
        try {
            if (batch.size() == 1) {
                scheduler.schedule(batch.getFirst().instance(), Instant.now());
            } else {
                List<TaskInstance<?>> instances = new ArrayList<>();
                batch.forEach(submission -> instances.add(submission.instance()));
                scheduler.scheduleBatch(instances, Instant.now());
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Submission submission : batch) {
            submission.accepted().accept(failure);
        }
        done.run();
    }

    private void end(String id, @Nullable Throwable failure) {
        live.decrementAndGet();
        Consumer<@Nullable Throwable> ended = ends.remove(id);
        if (ended != null) {
            ended.accept(failure);
        }
    }

    private final class Ends extends AbstractSchedulerListener {
        @Override
        public void onExecutionComplete(ExecutionComplete complete) {
            Throwable failure = complete.getResult() == ExecutionComplete.Result.OK
                    ? null
                    : complete.getCause().orElseGet(() -> new IllegalStateException("an execution failed"));
            end(complete.getExecution().taskInstance.getId(), failure);
        }
    }
}
