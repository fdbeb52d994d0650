package io.dray.router.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A fault of the production code: text that is replaced in its source before that is compiled anew, for a test alone.
 * White space does not matter in what is looked for.
 */
record Fault(String name, List<Edit> edits) {
    /** What is replaced by what; it must be found exactly once in all sources. */
    record Edit(String find, String replace) {}

    private static Fault of(String name, String find, String replace) {
        return new Fault(name, List.of(new Edit(find, replace)));
    }

    private Fault and(String find, String replace) {
        List<Edit> more = new ArrayList<>(edits);
        more.add(new Edit(find, replace));
        return new Fault(name, List.copyOf(more));
    }

    @Override
    public String toString() {
        return name;
    }

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.addAll(ofTokensAndLeases());
        all.addAll(ofCommits());
        all.addAll(ofWhatIsNotCommitted());
        all.addAll(ofSubmissionsAndAttempts());
        all.addAll(ofOrderAndLimits());
        all.addAll(ofQuestionsAndTimes());
        return List.copyOf(all);
    }

    private static List<Fault> ofTokensAndLeases() {
        return List.of(
                of(
                        "no check of the token",
                        "entry.state() instanceof Held held && held.hold().token() == attempt.token()",
                        "entry.state() instanceof Held held"),
                of(
                        "leases by the wall clock",
                        "leaseClockNanos += Math.min(now - lastTickNanos, MAX_TICK_NANOS);",
                        "leaseClockNanos = time.nowMicros() * 1_000;"),
                of(
                        "a lease that a report does not renew",
                        "entry.leaseUntil(pool.leaseEndNanos()); if (entry.isRecovered()",
                        "if (entry.isRecovered()"),
                of(
                        "a lapse right after a takeover",
                        "if (task.state() instanceof Held) { entry.leaseUntil(pool.leaseEndNanos()); }",
                        "if (task.state() instanceof Held) { entry.leaseUntil(pool.leaseClockNanos()); }"),
                of(
                        "an assignment that gets lost never lapses",
                        "entry.leaseUntil(pool.leaseEndNanos()); stream.assign(",
                        "stream.assign("));
    }

    private static List<Fault> ofCommits() {
        return List.of(
                of(
                        "a store without fence",
                        "if (!isOwner()) { throw fenced(); } if (trouble == Trouble.FULL)",
                        "if (trouble == Trouble.FULL)"),
                of("a fenced commit is taken for done", "if (failure != null) { fail(failure); return; }", """
                    if (failure != null
                            && !(failure instanceof StoreException refused
                                    && refused.kind() == StoreException.Kind.FENCED)) {
                        fail(failure);
                        return;
                    }
                    """),
                of(
                        "an outcome is receipted before its commit",
                        "commits.then(() -> stream.receipt(event.number(), null));",
                        "stream.receipt(event.number(), null);"),
                of(
                        "a submission is answered before its commit",
                        """
                        commits.then(_ -> reply.complete( Outcome.done(taken.stream().map(this::submitted).toList())),
                            error -> reply.complete(Outcome.refused(error)));
                        """,
                        "reply.complete(Outcome.done(taken.stream().map(this::submitted).toList()));"),
                of(
                        "an assignment leaves before its commit",
                        """
                        commits.then(
                            payloads -> deliver(entry, hold, number, stream, payload == null ? payloads.get(entry.id()) : payload),
                            _ -> {});
                        """,
                        "deliver(entry, hold, number, stream, payload == null ? ByteString.EMPTY : payload);"),
                of(
                                "of two transitions in one commit the first one is written",
                                "filling().changed.add(entry);",
                                "filling().changed.add(entry); FIRST.put(entry, entry.current());")
                        .and(
                                "private static Change changeOf(TaskEntry entry) { TaskSnapshot task ="
                                        + " entry.current();",
                                """
                                private static final Map<TaskEntry, TaskSnapshot> FIRST = new java.util.IdentityHashMap<>();

                                private static Change changeOf(TaskEntry entry) {
                                    TaskSnapshot task = FIRST.remove(entry);
                                """),
                of("a change during a commit is forgotten", "dirty.remove(entry); written.put", "written.put")
                        .and(
                                "inFlight = null; written.forEach",
                                "inFlight = null; dirty.removeAll(written.keySet()); written.forEach"),
                of(
                        "memory is kept after a commit that failed",
                        "pool.clear(); listener.onOwnership(false); read();",
                        "listener.onOwnership(false); read();"));
    }

    /** Faults that this model found. */
    private static List<Fault> ofWhatIsNotCommitted() {
        return List.of(
                of(
                        "a conflict names a task that is not committed",
                        "commits.then( _ -> reply.complete(Outcome.refused(atItsPlace)), error ->"
                                + " reply.complete(Outcome.refused(error)));",
                        "reply.complete(Outcome.refused(atItsPlace));"),
                of(
                        "a task is said to have ended before that is committed",
                        "return commits.refused(finished(entry.current()));",
                        "return CompletableFuture.completedFuture(Outcome.refused(finished(entry.current())));"),
                of(
                        "readers see what is not committed",
                        "if (entry.visible() != null && entry.isCommitted()) {",
                        "if (entry.visible() != null) {"),
                of(
                        "no receipt after a lookup that failed",
                        "unread.accept( stream, MeshError.of(Code.CODE_STORE_FAILED, \"The task could not be looked"
                                + " up; connect again.\"));",
                        ""));
    }

    private static List<Fault> ofSubmissionsAndAttempts() {
        return List.of(
                of("keys of finished tasks forgotten by a restart", "store.forEachFinishedKey(keys::add);", ""),
                of("keys of finished tasks forgotten", "finishedKeys.add(submission.key());", ""),
                of(
                        "attempts are not counted",
                        "new Attempts(count + 1, hold.token()",
                        "new Attempts(count, hold.token()"),
                of(
                        "one attempt too many",
                        "task.attempts().count() < task.submission()",
                        "task.attempts().count() <= task.submission()"),
                of(
                        "never_retry ignored",
                        "&& !task.submission().spec().getRetry().getNeverRetryList().contains(cause.getCode())",
                        ""),
                of(
                        "a cancelled task that a worker rejects is placed again",
                        "if (entry.current().cancelRequested()) { endings.cancelled(entry, held); return; } pool.move(",
                        "pool.move("),
                of(
                        "a cancelled task that fails is tried again",
                        "if (task.cancelRequested()) { cancelled(entry, held); return; } if (drains",
                        "if (drains"));
    }

    private static List<Fault> ofOrderAndLimits() {
        return List.of(
                of(
                        "a limit that is not given back",
                        "limits.ended(entry.submission(), !(next.state() instanceof Pending));",
                        ""),
                of("a limit exceeded by one", "running < limit.maxRunning()", "running <= limit.maxRunning()"),
                of(
                        "what runs is not counted after a takeover",
                        "limits.started(entry.submission());",
                        "if (!entry.isRecovered()) { limits.started(entry.submission()); }"),
                of("a rate without buckets", "fill(nowNanos); tokens--;", "fill(nowNanos);"),
                of("no ageing", "int most = SHARE - 2;", "int most = Integer.MAX_VALUE;"),
                of(
                        "the youngest first",
                        "? one.id() < other.id() : one.turnMicros() < other.turnMicros()",
                        "? one.id() < other.id() : one.turnMicros() > other.turnMicros()"));
    }

    private static List<Fault> ofQuestionsAndTimes() {
        return List.of(
                of(
                        "an answer that nobody passes on",
                        "if (stream != null) { tell(stream, entry.id(), answered); }",
                        ""),
                of("answers are lost on who was away", "questions.sayAgain(node, stream);", ""),
                of(
                        "not_before ignored",
                        "submission.notBeforeMicros() > nowMicros",
                        "submission.notBeforeMicros() < 0"),
                of("no timer for a pause", "timers.at(waiting.untilMicros(), entry);", ""),
                of(
                        "a deadline by which nothing ends",
                        "if (entry.submission().deadlineMicros() <= now && entry.state() instanceof Open open)",
                        "if (entry.submission().deadlineMicros() <= 0 && entry.state() instanceof Open open)"));
    }
}
