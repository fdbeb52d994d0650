package io.dray.router.store;

import static io.dray.router.store.StoredTasks.assigned;
import static io.dray.router.store.StoredTasks.insert;
import static io.dray.router.store.StoredTasks.live;
import static io.dray.router.store.StoredTasks.pending;
import static io.dray.router.store.StoredTasks.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.router.store.StoreException.Kind;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreContract {
    private final PostgresForTests database = new PostgresForTests();

    /** Nothing is renewed behind the test's back. */
    @Override
    Store openStore() throws StoreException {
        return PostgresStore.openUnrenewed(database.address(), "r");
    }

    @Override
    Store openAfterKillOf(Store killed) throws Exception {
        database.expireLease();
        return openStore();
    }

    private static void assertKind(Kind kind, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageNotContaining("\n");
    }

    @Test
    void aPoolThatAnotherOwnsIsNotTakenUntilItsLeaseRanOut() throws Exception {
        Store first = open();
        try (Store second = openStore()) {
            assertKind(Kind.FENCED, second::take);
            assertThat(second.isOwned()).isFalse();
            assertThatThrownBy(second::take).hasMessageContaining("belongs to router r");

            database.expireLease();

            assertThat(second.take()).isEqualTo(first.epoch() + 1);
            assertThat(second.isOwned()).isTrue();
        }
    }

    @Test
    void aPoolThatIsGivenAwayIsTakenAtOnce() throws Exception {
        Store first = open();
        try (Store second = openStore()) {
            first.release();
            assertThat(first.isOwned()).isFalse();
            assertThat(first.owner()).isEmpty();

            assertThat(second.take()).isEqualTo(first.epoch() + 1);
        }
    }

    @Test
    void whoStandsByKnowsWhoOwnsThePoolAndWhere() throws Exception {
        PostgresStore first = (PostgresStore) open();
        first.advertise("10.0.0.1:7400");
        assertThat(first.renew()).isTrue();
        try (Store second = openStore()) {
            assertThat(second.owner()).isEmpty();

            assertKind(Kind.FENCED, second::take);

            PoolOwner owner = second.owner().orElseThrow();
            assertThat(owner.isSameAs(first.owner().orElseThrow())).isTrue();
            assertThat(owner)
                    .extracting(PoolOwner::router, PoolOwner::address, PoolOwner::epoch)
                    .containsExactly("r", "10.0.0.1:7400", first.epoch());
            assertThat(owner.left(System.nanoTime())).isLessThanOrEqualTo(PoolLease.LEASE);
        }
    }

    @Test
    void whoLostThePoolKnowsWhoHasIt() throws Exception {
        Store zombie = open();
        Store second = afterKillOf(zombie);
        second.advertise("10.0.0.2:7400");

        assertKind(Kind.FENCED, () -> zombie.commit(List.of(insert(pending(1, "")))));

        assertThat(zombie.owner().orElseThrow().epoch()).isEqualTo(second.epoch());
    }

    @Test
    void aRouterThatLostThePoolWritesNothing() throws Exception {
        PostgresStore zombie = (PostgresStore) open();
        zombie.commit(List.of(insert(pending(1, "")), insert(pending(2, ""))));
        Store second = afterKillOf(zombie);

        assertKind(Kind.FENCED, () -> zombie.commit(List.of(insert(pending(3, "")))));
        assertKind(Kind.FENCED, () -> zombie.commit(List.of(insert(succeeded(pending(4, ""))))));
        assertKind(Kind.FENCED, () -> zombie.commit(List.of(new Change.Update(assigned(pending(1, ""))))));
        assertKind(Kind.FENCED, () -> zombie.commit(List.of(new Change.Finish(succeeded(pending(2, ""))))));
        assertKind(Kind.FENCED, () -> zombie.nodeSeen("n", 1));
        assertKind(Kind.FENCED, () -> zombie.removeFinishedBefore(Long.MAX_VALUE));
        assertThat(zombie.isOwned()).isFalse();
        assertThat(zombie.renew()).isFalse();
        assertKind(Kind.FENCED, zombie::take);

        assertThat(live(second)).containsExactly(pending(1, ""), pending(2, ""));
        assertThat(second.lastId()).isEqualTo(2);
        assertThat(second.nodesSince(0)).isEmpty();
        second.commit(List.of(insert(pending(3, ""))));
    }

    @Test
    void aZombieThatClosesDoesNotGiveAwayWhatIsNotItsOwn() throws Exception {
        Store zombie = open();
        Store second = afterKillOf(zombie);

        zombie.close();

        second.commit(List.of(insert(pending(1, ""))));
        assertThat(database.sql("SELECT expires > now() FROM pool")).isEqualTo("t");
    }

    @Test
    void aLeaseThatRanOutAndThatNobodyTookGoesOn() throws Exception {
        PostgresStore store = (PostgresStore) open();
        long epoch = store.epoch();
        database.expireLease();

        store.commit(List.of(insert(pending(1, ""))));

        assertThat(live(store)).hasSize(1);
        assertThat(store.epoch()).isEqualTo(epoch);
        database.expireLease();
        assertThat(store.renew()).isTrue();
        assertThat(database.sql("SELECT expires > now() FROM pool")).isEqualTo("t");
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundAndCounts() throws Exception {
        try (BreakingLine line = new BreakingLine(PostgresForTests.port());
                PostgresStore store = over(line)) {
            store.take();
            store.commit(List.of(insert(pending(1, "")), insert(pending(2, ""))));
            line.breakAtNext(BreakingLine.Break.AFTER_WRITE);

            store.commit(List.of(
                    insert(pending(3, "")),
                    new Change.Update(assigned(pending(1, ""))),
                    new Change.Finish(succeeded(pending(2, "")))));

            assertThat(line.broken()).isEqualTo(1);
            assertThat(live(store)).containsExactly(assigned(pending(1, "")), pending(3, ""));
        }
    }

    @Test
    void aCommitThatDidNotReachTheDatabaseIsDoneAgain() throws Exception {
        try (BreakingLine line = new BreakingLine(PostgresForTests.port());
                PostgresStore store = over(line)) {
            store.take();
            line.breakAtNext(BreakingLine.Break.BEFORE_WRITE);

            store.commit(List.of(insert(pending(1, "k"))));

            assertThat(line.broken()).isEqualTo(1);
            assertThat(live(store)).containsExactly(pending(1, "k"));
        }
    }

    @Test
    void aCommitOfUnknownOutcomeIsRefusedWhenThePoolWasTakenMeanwhile() throws Exception {
        try (BreakingLine line = new BreakingLine(PostgresForTests.port());
                PostgresStore store = over(line)) {
            store.take();
            afterKillOf(store);
            line.breakAtNext(BreakingLine.Break.BEFORE_WRITE);

            assertKind(Kind.FENCED, () -> store.commit(List.of(insert(pending(1, "")))));
        }
    }

    private PostgresStore over(BreakingLine line) throws StoreException {
        return PostgresStore.openUnrenewed(new PostgresAddress(database.url(line.port()), "postgres", ""), "r");
    }

    /** An earlier write of this router that is still on its way cannot happen after the router has read. */
    @Test
    void takingThePoolAgainMarksItAnew() throws Exception {
        Store store = open();
        String before = database.sql("SELECT owner FROM pool");

        long epoch = store.take();

        assertThat(database.sql("SELECT owner FROM pool")).isNotEqualTo(before).startsWith("r/");
        assertThat(epoch).isEqualTo(store.epoch());
    }

    @Test
    void itGoesOnAfterTheDatabaseEndedAllConnections() throws Exception {
        Store store = open();
        store.commit(List.of(insert(pending(1, ""))));

        database.endConnections();

        store.commit(List.of(insert(pending(2, ""))));
        assertThat(live(store)).hasSize(2);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidInOneLine() {
        var nobody = new PostgresAddress("jdbc:postgresql://127.0.0.1:1/tasks?ssl=false", "dray", "s3cret");

        assertKind(Kind.AWAY, () -> PostgresStore.open(nobody, "r"));
        assertThatThrownBy(() -> PostgresStore.open(nobody, "r"))
                .hasMessageStartingWith("store.url: jdbc:postgresql://127.0.0.1:1/tasks cannot be used (expected:")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aUserWhoIsRefusedIsNamedAndThePasswordIsNot() {
        var wrong = new PostgresAddress(database.url(), "nobody", "s3cret");

        assertThatThrownBy(() -> PostgresStore.open(wrong, "r"))
                .hasMessageStartingWith("store.user: nobody is refused by jdbc:postgresql://127.0.0.1")
                .hasMessageContaining("store.password-file")
                .hasMessageNotContaining("s3cret");
        assertThat(wrong.toString()).doesNotContain("s3cret");
    }

    @Test
    void aDatabaseThatDoesNotExistIsSaid() {
        String url = database.url().replace("/postgres?", "/nowhere?");

        assertThatThrownBy(() -> PostgresStore.open(new PostgresAddress(url, "postgres", ""), "r"))
                .hasMessageContaining("expected: a database that exists; make it by createdb");
    }

    @Test
    void aSchemaOfANewerRouterIsRefused() throws Exception {
        open();
        database.sql("INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', checksum,"
                + " installed_by, now(), 0, true FROM flyway_schema_history WHERE version = '1'");

        assertThatThrownBy(this::openStore)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store schema: 99")
                .hasMessageContaining("(expected: at most 3)");
    }

    @Test
    void keysMayHoldWhatTextsOfTheDatabaseMayNot() throws Exception {
        Store store = open();
        TaskSnapshot task = pending(1, "a\u0000b");

        store.commit(List.of(insert(task)));

        assertThat(store.find(new TaskKey("default", "a\u0000b"))).isEqualTo(task);
    }

    @Test
    void finishedTasksLieInTheDayOfTheirEndAndDaysAreDroppedWhole() throws Exception {
        Store store = open();
        long now = Instant.now().toEpochMilli() * 1_000;
        store.commit(List.of(insert(succeeded(pending(1, ""), now)), insert(succeeded(pending(2, ""), 900))));

        String today = DateTimeFormatter.BASIC_ISO_DATE.format(
                LocalDate.ofInstant(Instant.ofEpochMilli(now / 1_000), ZoneOffset.UTC));
        assertThat(database.sql("SELECT tableoid::regclass FROM finished WHERE id = 1"))
                .endsWith("finished_" + today);
        assertThat(database.sql("SELECT tableoid::regclass FROM finished WHERE id = 2"))
                .endsWith("finished_rest");
        assertThat(database.sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'finished'::regclass"))
                .isEqualTo("3");

        remove(store, now);
        assertThat(store.find(1)).isNotNull();
        assertThat(store.find(2)).isNull();

        remove(store, now + 3 * 86_400_000_000L);
        assertThat(store.find(1)).isNull();
        assertThat(database.sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'finished'::regclass"))
                .isEqualTo("1");
        assertThat(store.lastId()).isEqualTo(2);
        store.commit(List.of(insert(succeeded(pending(3, ""), now))));
        assertThat(store.find(3)).isNotNull();
    }

    private static void remove(Store store, long beforeMicros) throws StoreException {
        while (store.removeFinishedBefore(beforeMicros).more()) {
            // A day, or some of the rest.
        }
    }

    @Test
    void aLargeCommitIsOneStatement() throws Exception {
        Store store = open();
        List<Change> many = new java.util.ArrayList<>();
        for (long id = 1; id <= 1_024; id++) {
            many.add(insert(pending(id, "k" + id)));
        }

        store.commit(many);

        assertThat(live(store)).hasSize(1_024);
        assertThat(database.sql("SELECT count(DISTINCT xmin::text) FROM task")).isEqualTo("1");
    }
}
